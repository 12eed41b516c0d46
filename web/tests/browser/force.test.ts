/** A roster in force: two people exchange duties, an open one is claimed, service is checked in and out, and a new version is made. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { seriousFindings } from './axe'
import { account, administrator, dayFromToday, PASSWORD, PHONE, settled, signIn, startBrowser, startServer, visit, type Api, type Server, type Visitor } from './harness'

interface Duty {
  id: number
  person: string
  post: string
  station: string
  date: string
  startMinute: number
  endMinute: number
}
interface Place {
  person: string
  post: string
}
interface Recommended {
  person: string
  kind: string
  change: { removed: Place[]; added: Place[] }
}

/** What would run if a reason were taken as markup. */
const REASON = '出差<img src=x onerror=alert(1)>'
const ON_PHONE = { viewport: PHONE, isMobile: true, hasTouch: true }
let server: Server
let browser: Browser
let admin: Api
let street = ''
let community = ''
let monday = ''
let schedule = ''
/** The community's schedule of this week. */
let current = ''
/** Two duties that change hands, and one that is declined and then claimed. */
let mine: Duty
let theirs: Duty
let open: Duty
let today: Duty
let desk: Visitor

const clock = (minute: number) => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const named = (duty: Duty) => `${duty.date} ${clock(duty.startMinute)}`

async function planned(unit: string, week: string, seconds: number): Promise<string> {
  const { id } = await admin<{ id: string }>('/api/v1/schedules', { json: { unit, week, timeLimitSeconds: seconds, threads: 1, acceptDraftCalendar: true } })
  await vi.waitUntil(async () => (await admin<{ status: string }>(`/api/v1/schedules/${id}`)).status === 'planned', { timeout: 120_000, interval: 500 })
  return id
}
async function publish(id: string): Promise<void> {
  const { version } = await admin<{ version: number }>(`/api/v1/schedules/${id}`)
  await admin(`/api/v1/schedules/${id}/publish`, { method: 'POST', headers: { 'if-match': `"${version}"` } })
}
const dutiesOf = async (id: string) => (await admin<{ items: Duty[] }>(`/api/v1/schedules/${id}/assignments?limit=500`)).items
const ranked = (id: string, duty: Duty, exchange: boolean) => admin<Recommended[]>(`/api/v1/schedules/${id}/recommendations?assignment=${duty.id}&limit=20&exchange=${exchange}`)

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ signIn: true }), startBrowser()])
  admin = await administrator(server)
  const weekday = new Date(`${dayFromToday(0)}T00:00:00Z`).getUTCDay() || 7
  monday = dayFromToday(8 - weekday)
  await admin('/api/v1/demo-data', { json: { preset: 'street', seed: 7, weekStart: monday } })
  street = (await admin<{ items: { id: string }[] }>('/api/v1/units?level=street&limit=1')).items[0]!.id
  await admin(`/api/v1/service-policies/${street}`, {
    method: 'PUT',
    headers: { 'if-match': '"0"' },
    json: { swapMode: 'automatic', availabilityWeekday: 7, availabilityMinute: 1440, checkInBeforeMinutes: 120, checkInAfterMinutes: 120, quietFromMinute: 1320, quietToMinute: 420, reminderHours: 24, openAlertHours: 48 },
  })
  schedule = await planned(street, monday, 5)
  const list = await dutiesOf(schedule)
  // Two duties that the rules let change hands, as the server's own ranking says.
  for (const one of list) {
    const found = (await ranked(schedule, one, true)).find((other) => other.kind === 'exchange' && other.change.removed.length === 2)
    const other = found && list.find((duty) => duty.person === found.person && found.change.removed.some((place) => place.post === duty.post && place.person === duty.person))
    if (!other) continue
    ;[mine, theirs] = [one, other]
    break
  }
  for (const one of list) {
    if ([mine.person, theirs.person].includes(one.person)) continue
    const at = await admin<{ items: { id: string; station: string; startMinute: number; targetHeads: number }[] }>(`/api/v1/posts?station=${one.station}&from=${one.date}&to=${one.date}&limit=100`)
    // Its button must be the only one of its name.
    if (at.items.filter((post) => post.station === one.station && post.startMinute === one.startMinute).length !== 1) continue
    // Without it the post must be short, or nobody is asked to claim it.
    const wanted = at.items.find((post) => post.id === one.post)?.targetHeads ?? 0
    if (list.filter((duty) => duty.post === one.post).length > wanted) continue
    const taker = (await ranked(schedule, one, false)).find((other) => other.kind === 'free' && ![mine.person, theirs.person].includes(other.person))
    if (!taker) continue
    open = one
    await account(server, admin, 'claimer', [{ role: 'member', unit: street }], taker.person)
    break
  }
  await publish(schedule)
  const roster = await dutiesOf(schedule)
  const same = (duty: Duty) => roster.find((one) => one.person === duty.person && one.post === duty.post)!
  ;[mine, theirs, open] = [same(mine), same(theirs), same(open)]
  await account(server, admin, 'first', [{ role: 'member', unit: street }], mine.person)
  await account(server, admin, 'second', [{ role: 'member', unit: street }], theirs.person)
  await account(server, admin, 'decliner', [{ role: 'member', unit: street }], open.person)
  await account(server, admin, 'coordinator', [{ role: 'coordinator', unit: street }])

  // A duty of this week at this very hour, given by hand: who serves now checks in now. It asks for a skill that they
  // lack, so that no plan gives it to them and it breaks a rule whatever the hour.
  const station = (await admin<{ items: { id: string; unit: string }[] }>(`/api/v1/stations?unit=${street}&limit=200`)).items.find((one) => one.unit !== street)!
  community = station.unit
  const local = new Date(Date.now() + 8 * 3_600_000)
  const startMinute = Math.max(0, local.getUTCHours() * 60 + local.getUTCMinutes() - 30)
  const { skills: known } = await admin<{ skills: { skill: string }[] }>(`/api/v1/people/${mine.person}`)
  const skill = (await admin<{ items: { id: string }[] }>('/api/v1/skills?limit=100')).items.find((one) => known.every((own) => own.skill !== one.id))!.id
  const post = await admin<{ id: string }>('/api/v1/posts', { json: { station: station.id, date: local.toISOString().slice(0, 10), startMinute, endMinute: startMinute + 240, skill, skillLevel: 1, minHeads: 0, targetHeads: 0, maxHeads: 2, priority: 3 } })
  current = await planned(community, dayFromToday(0), 3)
  const added = [{ person: mine.person, post: post.id }]
  const [given] = await admin<Duty[]>(`/api/v1/schedules/${current}/changes`, { json: { removed: [], added, reason: '临时顶班', pinned: true } })
  today = given!
  await publish(current)
  desk = await visit(browser, server)
  await signIn(desk, 'coordinator')
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function onPhone(name: string, work: (me: Visitor) => Promise<void>): Promise<void> {
  const me = await visit(browser, server, ON_PHONE)
  try {
    await signIn(me, name)
    await me.page.getByText('我是').waitFor()
    await work(me)
    await expect.poll(() => me.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    expect(me.complaints).toEqual([])
  } finally {
    await me.close()
  }
}
const own = async (page: Page, duty: Duty) => page.locator('.duty').filter({ has: page.getByRole('button', { name: `换班或转让 ${named(duty)}` }) }).count()

test('one offers a duty for another’s, who agrees, and the two change hands', async () => {
  await onPhone('first', async ({ page }) => {
    await page.getByRole('button', { name: `换班或转让 ${named(mine)}` }).click()
    const dialog = page.getByRole('dialog', { name: '换班或转让' })
    await dialog.getByText('交换', { exact: true }).click()
    const wanted = dialog.getByRole('combobox', { name: '想换到的班次' })
    await wanted.click()
    const stationName = (await admin<{ name: string }>(`/api/v1/stations/${theirs.station}`)).name
    await wanted.fill(stationName)
    const label = `${theirs.date.slice(5)} ${clock(theirs.startMinute)}-${clock(theirs.endMinute)} ${stationName}`
    const choices = page.getByRole('option').filter({ hasText: label, visible: true })
    await choices.first().waitFor()
    // Several may serve there then; the offer must name the one duty that may be exchanged.
    await expect.poll(() => choices.count()).toBeGreaterThan(0)
    const roster = (await admin<{ items: Duty[] }>(`/api/v1/schedules/${schedule}/assignments?limit=500`)).items
    const alike = roster.filter((one) => one.station === theirs.station && one.date === theirs.date && one.startMinute === theirs.startMinute && one.endMinute === theirs.endMinute && one.person !== mine.person).sort((a, b) => a.id - b.id)
    await choices.nth(alike.findIndex((one) => one.id === theirs.id)).click()
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: '发出' }).click()
    await dialog.waitFor({ state: 'hidden' })
  })
  await onPhone('second', async ({ page }) => {
    await page.getByRole('tab', { name: '换班' }).click()
    await page.getByText('给我的').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: `接下 ${named(mine)}` }).click()
    await page.getByText('已换好').waitFor()
    await page.getByRole('tab', { name: '我的一周' }).click()
    await expect.poll(() => own(page, mine)).toBe(1)
  })
  const roster = await dutiesOf(schedule)
  expect(roster.some((one) => one.person === mine.person && one.post === theirs.post)).toBe(true)
  expect(roster.some((one) => one.person === theirs.person && one.post === mine.post)).toBe(true)
})

test('what one declines another claims', async () => {
  await onPhone('decliner', async ({ page }) => {
    await page.getByRole('button', { name: `不能来 ${named(open)}` }).click()
    const dialog = page.getByRole('dialog', { name: '不能来' })
    await dialog.getByRole('textbox').fill(REASON)
    await dialog.getByRole('button', { name: '不能来' }).click()
    await expect.poll(() => own(page, open)).toBe(0)
  })
  await onPhone('claimer', async ({ page }) => {
    await page.getByRole('tab', { name: '待认领' }).click()
    const stationName = (await admin<{ name: string }>(`/api/v1/stations/${open.station}`)).name
    const claim = page.getByRole('button', { name: `认领 ${open.date} ${clock(open.startMinute)}-${clock(open.endMinute)} ${stationName}` })
    await page.getByText(/两周内\d+个班次还要人/).waitFor()
    // The list grows until the duty is there; the button that makes it grow goes away with the last ones.
    const more = page.getByRole('button', { name: /^再看\d+个/ })
    const shown = async () => {
      if ((await claim.count()) === 0) await more.click({ timeout: 1000 }).catch(() => undefined)
      return claim.count()
    }
    await expect.poll(shown, { timeout: 60_000 }).toBe(1)
    await claim.click()
    await page.getByText('已认领，谢谢').waitFor()
    await page.getByRole('tab', { name: '我的一周' }).click()
    await expect.poll(() => own(page, open)).toBe(1)
  })
  expect((await dutiesOf(schedule)).filter((one) => one.post === open.post).map((one) => one.person)).not.toContain(open.person)
})

test('the desk reads why somebody declined as text, whatever it looks like', async () => {
  const { page } = desk
  await desk.go('/swaps')
  await page.getByRole('tab', { name: '生效后的变动' }).click()
  await page.locator('li').filter({ hasText: REASON }).first().waitFor()
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  expect(await seriousFindings(page)).toEqual([])
})

test('who serves now checks in and out, and the hours and their record count it', async () => {
  await onPhone('first', async ({ page }) => {
    await page.getByRole('button', { name: '上一周' }).click()
    await page.getByRole('button', { name: `签到 ${named(today)}` }).click()
    await page.getByText(/\d\d:\d\d签到/).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: `签退 ${named(today)}` }).click()
    await page.getByText(/\d\d:\d\d签到 – \d\d:\d\d/).waitFor()
    // The head of the station knows when service began in truth.
    const head = await server.as('coordinator', PASSWORD)
    const began = new Date(Date.parse(`${today.date}T00:00:00+08:00`) + today.startMinute * 60_000).toISOString()
    await head(`/api/v1/schedules/${current}/assignments/${today.id}/check-in`, { json: { at: began, reason: '先到后签' } })
    await page.getByRole('tab', { name: '工时' }).click()
    await page.getByText('个班次签到签退').waitFor()
    await expect.poll(() => page.locator('.sums').innerText()).toMatch(/1\s*个班次签到签退/)
    await page.locator('.card').getByRole('button', { name: /证明/ }).click()
    const link = page.locator('[role=status] a')
    await link.waitFor()
    const sheet = await page.context().request.get(new URL((await link.getAttribute('href')) ?? '', server.url).href)
    expect(sheet.status()).toBe(200)
  })
})

test('a board in force says why it is not edited and leads to a new version, where the fewest change', async () => {
  const { page } = desk
  await desk.go('/board')
  await page.getByText('班表已经生效，人人都已看到').waitFor()
  await expect.poll(() => page.getByRole('button', { name: '重排（保留锁定）' }).count()).toBe(0)
  expect(await seriousFindings(page)).toEqual([])
  // Pinning is refused in words, before the server is asked.
  await page.locator('.gridrow [data-at]').filter({ has: page.locator('.who') }).first().focus()
  await page.keyboard.press('p')
  await page.getByText(/不能直接改；请排出新版本/).first().waitFor()
  await page.getByRole('button', { name: '有变动，排出新版本' }).click()
  const dialog = page.getByRole('dialog', { name: '有变动，排出新版本' })
  await expect.poll(() => dialog.getByRole('button', { name: '排出新版本' }).isDisabled()).toBe(true)
  const away = (await admin<{ name: string }>(`/api/v1/people/${theirs.person}`)).name
  await dialog.getByRole('combobox', { name: '人员' }).fill(away)
  await page.getByRole('option', { name: away }).filter({ visible: true }).first().click()
  expect(await seriousFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: '排出新版本' }).click()
  await page.getByText(/新版本已排出/).waitFor()
  await page.locator('.page-head').getByText('已排').waitFor()
  await page.getByRole('button', { name: '发布', exact: true }).click()
  const preview = page.getByRole('dialog', { name: '发布班表' })
  await preview.getByText(/人的班次改变|没有人的班次改变/).waitFor()
  await preview.getByRole('button', { name: '发布', exact: true }).click()
  await page.locator('.page-head').getByText('已发布').waitFor()
  await desk.go(`/board?plan=${schedule}`)
  await page.getByText('这份班表已被新版本替换').waitFor()
  await page.getByRole('button', { name: '看生效的班表' }).click()
  await page.getByText('班表已经生效，人人都已看到').waitFor()
})

test('a new case, a room that cannot be had and a new post lead to a new version, too', async () => {
  const { page } = desk
  const { case: made } = await admin<{ case: { id: string } }>('/api/v1/cases', { json: { unit: street, channel: 'hotline', subject: '地下室积水', resident: null } })
  const category = (await admin<{ items: { id: string }[] }>('/api/v1/case-categories?limit=1')).items[0]!.id
  await admin(`/api/v1/cases/${made.id}/triage`, { json: { category, minutes: 60, urgency: 2, workingDays: 5 }, headers: { 'if-match': '"1"' } })
  const station = (await admin<{ items: { id: string; name: string }[] }>(`/api/v1/stations?unit=${street}&limit=1`)).items[0]!
  const post = await admin<{ id: string }>('/api/v1/posts', { json: { station: station.id, date: nextDay(monday, 1), startMinute: 1130, endMinute: 1190, skill: null, skillLevel: 1, minHeads: 1, targetHeads: 1, maxHeads: 1, priority: 1 } })
  const venue = (await admin<{ items: { id: string; name: string }[] }>(`/api/v1/resources?unit=${street}&kind=venue&limit=1`)).items[0]!
  const whole = { start: `${monday}T00:00`, end: `${nextDay(monday, 1)}T00:00` }
  const told = [
    { kind: '来了新的诉求', what: '诉求', option: '地下室积水', event: { kind: 'newCase', case: made.id } },
    { kind: '接待的场地几天不能用', what: '场地', option: venue.name, event: { kind: 'withdrawn', venue: venue.id, ...whole } },
    { kind: '新增了岗位', what: '岗位', option: '18:50-19:50', event: { kind: 'newPost', post: post.id } },
  ]
  // Chromium hands on no body of a Request, so the page keeps what it asks for.
  await page.addInitScript(() => {
    const send = window.fetch
    window.fetch = async (input, init) => {
      const request = new Request(input, init)
      if (request.url.endsWith('/replan')) Object.assign(window, { asked: await request.clone().json() })
      return send(request)
    }
  })
  for (const { kind, what, option, event } of told) {
    await desk.go('/board')
    await page.getByRole('button', { name: '有变动，排出新版本' }).click()
    const dialog = page.getByRole('dialog', { name: '有变动，排出新版本' })
    await dialog.getByRole('combobox', { name: '发生了什么' }).press('Enter')
    await page.getByRole('option', { name: kind }).filter({ visible: true }).click()
    await dialog.getByRole('combobox', { name: what, exact: true }).fill(option)
    await page.getByRole('option', { name: option }).filter({ visible: true }).first().click()
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: '排出新版本' }).click()
    await expect.poll(() => page.evaluate(() => (window as unknown as { asked?: unknown }).asked)).toEqual({ events: [event] })
    await page.getByText(/新版本已排出/).first().waitFor()
    await page.waitForURL(/plan=/)
    if (event.kind === 'newCase') {
      const version = new URL(page.url()).searchParams.get('plan')
      const decided = await admin<{ items: { case: string }[] }>(`/api/v1/schedules/${version}/cases?limit=500`)
      expect(decided.items.map((one) => one.case)).toContain(made.id)
    }
  }
})

test('what was broken by hand stays visible after publishing, with its reason', async () => {
  const { page } = desk
  await page.evaluate((scope) => {
    sessionStorage.setItem('paiban.scope', scope)
    localStorage.setItem('paiban.scope', scope)
  }, JSON.stringify({ unit: community, week: await week(dayFromToday(0)) }))
  await desk.go('/board')
  await page.getByRole('button', { name: /处破例/ }).click()
  const drawer = page.getByRole('dialog', { name: '破例记录' })
  await drawer.getByText('临时顶班').first().waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'hidden' })
})

test('a roster tells what it decides about each case, with the reason where nobody works it', async () => {
  const { page } = desk
  await desk.go(`/plans/${schedule}`)
  const section = page.locator('#cases')
  await section.locator('li').first().waitFor()
  const decided = await admin<{ items: { case: string; settlement: string; reason: string; person: string | null }[] }>(`/api/v1/schedules/${schedule}/cases?limit=500`)
  expect(decided.items.length).toBeGreaterThan(0)
  await section.getByRole('button', { name: new RegExp(`全部 ${decided.items.length}$`) }).waitFor()
  const left = decided.items.find((one) => one.reason)
  if (left) await section.getByText(left.reason.slice(0, 12)).first().waitFor()
  const worked = decided.items.find((one) => one.person)
  if (worked) {
    await section.getByRole('button', { name: /^有人办理/ }).click()
    await expect.poll(() => section.locator('li').first().innerText()).toMatch(/\d\d:\d\d-\d\d:\d\d/)
  }
  expect(await seriousFindings(page)).toEqual([])
  await section.locator('li a').first().click()
  await page.getByRole('heading', { name: '办理经过' }).waitFor()
})

test('a roster tells what it decides about each reception, those that cannot be held first', async () => {
  const { page } = desk
  await desk.go(`/plans/${schedule}`)
  const section = page.locator('#receptions')
  const decided = await admin<{ items: { reception: string; held: boolean; reason: string; deputies: string[] }[] }>(`/api/v1/schedules/${schedule}/receptions?limit=500`)
  expect(decided.items.length).toBeGreaterThan(0)
  await expect.poll(() => section.locator('li').count()).toBe(decided.items.length)
  const left = decided.items.find((one) => !one.held)
  if (left) await section.locator('li').first().getByText(left.reason.slice(0, 12)).waitFor()
  else await expect.poll(() => section.locator('li').first().innerText()).toMatch(/\d\d:\d\d-\d\d:\d\d/)
  expect(await seriousFindings(page)).toEqual([])
  await section.locator('li a').first().click()
  await page.waitForURL(/\/receptions\//)
})

test('nothing was refused, nothing was fetched from elsewhere', async () => {
  await settled(desk.page)
  expect(desk.complaints).toEqual([])
})

async function week(date: string): Promise<string> {
  return (await admin<{ items: { week: string; weekStart: string }[] }>('/api/v1/schedules?limit=200')).items.find((one) => one.weekStart <= date && date < nextDay(one.weekStart, 7))!.week
}
function nextDay(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
