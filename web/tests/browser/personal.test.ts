/** A volunteer on a phone confirms, gives away, and another takes; availability, hours, calendars; the coordinator's desk. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { seriousFindings } from './axe'
import { account, administrator, dayFromToday, PHONE, settled, signIn, startBrowser, startServer, visit, type Api, type Server, type Visitor } from './harness'

interface Duty {
  id: number
  person: string
  post: string
  date: string
  startMinute: number
}

let server: Server
let browser: Browser
let admin: Api
let street = ''
let duty: Duty
let first: Visitor
let second: Visitor
const phone = { viewport: PHONE, isMobile: true, hasTouch: true }

/** Monday of next week, so that duties lie ahead. */
function nextMonday(): string {
  const weekday = new Date(`${dayFromToday(0)}T00:00:00Z`).getUTCDay() || 7
  return dayFromToday(8 - weekday)
}

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ signIn: true }), startBrowser()])
  admin = await administrator(server)
  const monday = nextMonday()
  await admin('/api/v1/demo-data', { json: { preset: 'street', seed: 7, weekStart: monday } })
  street = (await admin<{ items: { id: string }[] }>('/api/v1/units?level=street&limit=1')).items[0]!.id
  await admin(`/api/v1/service-policies/${street}`, {
    method: 'PUT',
    headers: { 'if-match': '"0"' },
    json: { swapMode: 'automatic', availabilityWeekday: 7, availabilityMinute: 1440, checkInBeforeMinutes: 30, checkInAfterMinutes: 30, quietFromMinute: 1320, quietToMinute: 420, reminderHours: 24, openAlertHours: 48 },
  })
  const { id } = await admin<{ id: string }>('/api/v1/schedules', { json: { unit: street, week: monday, timeLimitSeconds: 5, threads: 1, acceptDraftCalendar: true } })
  await vi.waitUntil(async () => (await admin<{ status: string }>(`/api/v1/schedules/${id}`)).status === 'planned', { timeout: 120_000, interval: 500 })
  const list = await admin<{ items: Duty[] }>(`/api/v1/schedules/${id}/assignments?limit=500`)
  const duties = (person: string) => list.items.filter((one) => one.person === person).length
  // A duty that somebody else may take, as the server's own ranking says, who has another to decline.
  for (const one of list.items) {
    const others = await admin<{ person: string; kind: string }[]>(`/api/v1/schedules/${id}/recommendations?assignment=${one.id}&limit=10&exchange=false`)
    const taker = others.find((other) => other.kind === 'free' && duties(other.person) > 0)?.person
    if (!taker) continue
    duty = one
    const { version } = await admin<{ version: number }>(`/api/v1/schedules/${id}`)
    await admin(`/api/v1/schedules/${id}/publish`, { method: 'POST', headers: { 'if-match': `"${version}"` } })
    await account(server, admin, 'giver', [{ role: 'member', unit: street }], one.person)
    await account(server, admin, 'taker', [{ role: 'member', unit: street }], taker)
    break
  }
  await account(server, admin, 'coordinator', [{ role: 'coordinator', unit: street }])
  first = await visit(browser, server, phone)
  second = await visit(browser, server, phone)
  await signIn(first, 'giver')
  await signIn(second, 'taker')
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function week(page: Page): Promise<void> {
  await page.getByText('我是').waitFor()
  // The page begins with next week, which is the one that is published.
  await page.getByText(/本周\d+个班次/).waitFor()
}
/** The duty's date and start, as its buttons name them. */
const named = () => `${duty.date} ${String(Math.floor(duty.startMinute / 60)).padStart(2, '0')}:${String(duty.startMinute % 60).padStart(2, '0')}`
const card = (page: Page) => page.locator('.duty').filter({ has: page.getByRole('button', { name: `换班或转让 ${named()}` }) }).first()

test('a volunteer confirms a duty', async () => {
  const { page } = first
  await week(page)
  expect(await seriousFindings(page)).toEqual([])
  await card(page).getByRole('button', { name: /^确认 / }).click()
  await card(page).getByText('已确认').waitFor()
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
})

test('gives it away, and another volunteer takes it', async () => {
  const { page } = first
  await card(page).getByRole('button', { name: /^换班或转让/ }).click()
  const dialog = page.getByRole('dialog', { name: '换班或转让' })
  await dialog.getByRole('textbox', { name: '原因（可不填）' }).fill('家里有事')
  expect(await seriousFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: '发出' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await second.page.getByRole('tab', { name: '换班' }).click()
  await second.page.getByText('家里有事').waitFor()
  expect(await seriousFindings(second.page)).toEqual([])
  await second.page.getByRole('button', { name: `接下 ${named()}` }).click()
  await second.page.getByText('已换好').waitFor()
  await page.getByRole('tab', { name: '换班' }).click()
  await page.getByText('我发出的').waitFor()
  await page.getByText('已换好').waitFor()
})

test('declines another with a reason, which leaves it open to be claimed', async () => {
  const { page } = second
  await page.getByRole('tab', { name: '我的一周' }).click()
  const before = await page.locator('.duty').count()
  await page.getByRole('button', { name: /^不能来/ }).first().click()
  const dialog = page.getByRole('dialog', { name: '不能来' })
  await dialog.getByRole('textbox').fill('感冒')
  await dialog.getByRole('button', { name: '不能来' }).click()
  await expect.poll(() => page.locator('.duty').count()).toBe(before - 1)
  await page.getByRole('tab', { name: '待认领' }).click()
  // Whoever cannot come then is not asked first; what is open is there all the same.
  await page.getByText(/个班次与您的技能或时间不合/).waitFor()
  await page.getByRole('button', { name: '都显示' }).click()
  await page.getByText(/两周内\d+个班次还要人/).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await expect.poll(() => page.getByRole('button', { name: /^认领/ }).count()).toBeGreaterThan(0)
})

test('states availability, sees hours, makes a calendar address that is shown once', async () => {
  const { page } = first
  await page.getByRole('tab', { name: '我的可用时间' }).click()
  await page.getByText(/那一周起有效/).waitFor()
  await page.getByRole('button', { name: '周三 上午: 未说明' }).click()
  await page.getByRole('button', { name: '周三 上午: 不能来' }).waitFor()
  await page.getByRole('tab', { name: '工时' }).click()
  await page.getByText('小时已服务').waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.getByRole('tab', { name: '日历与提醒' }).click()
  await page.getByRole('button', { name: '生成网址' }).click()
  const dialog = page.getByRole('dialog', { name: '日历网址' })
  const address = await dialog.locator('code').innerText()
  const feed = await fetch(address)
  expect(feed.status).toBe(200)
  expect(await feed.text()).toContain('BEGIN:VCALENDAR')
  await dialog.getByRole('button', { name: '已经记下' }).click()
  await page.getByText('我的手机').waitFor()
  expect(await seriousFindings(page)).toEqual([])
})

test('the coordinator’s desk shows what has happened', async () => {
  const desk = await visit(browser, server)
  await signIn(desk, 'coordinator')
  await desk.go('/swaps')
  await desk.page.getByText('已换好').waitFor()
  await desk.page.getByRole('tab', { name: '生效后的变动' }).click()
  await desk.page.getByText('感冒').waitFor()
  expect(await seriousFindings(desk.page)).toEqual([])
  expect(desk.complaints).toEqual([])
  await desk.close()
})

test('the offer of a swap shows script-like names as text', async () => {
  const { page } = second
  const name = '<img src=x onerror=alert(1)>'
  const stations = await admin<{ items: Record<string, unknown>[] }>(`/api/v1/stations?unit=${street}&limit=500`)
  for (const one of stations.items) {
    await admin(`/api/v1/stations/${String(one.id)}`, { method: 'PUT', json: { ...one, name }, headers: { 'if-match': `"${String(one.version)}"` } })
  }
  await page.reload()
  await week(page)
  await page.getByRole('button', { name: /^换班或转让 / }).first().click()
  const dialog = page.getByRole('dialog', { name: '换班或转让' })
  await dialog.getByText(name).first().waitFor()
  await dialog.getByText('交换', { exact: true }).click()
  await dialog.getByRole('combobox', { name: '想换到的班次' }).press('Enter')
  await page.getByRole('option', { name }).first().waitFor()
  await expect.poll(() => page.locator('img[src="x"]').count()).toBe(0)
})

test('nothing was refused, nothing was fetched from elsewhere', async () => {
  await settled(first.page)
  expect([...first.complaints, ...second.complaints]).toEqual([])
})
