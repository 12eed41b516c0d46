/** Two people look at the same: what one changes, the other sees without reloading. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { account, administrator, dayFromToday, PHONE, settled, signIn, startBrowser, startServer, visit, type Api, type Server, type Visitor } from './harness'

let server: Server
let browser: Browser
let admin: Api
let street = ''
let draft = ''
let monday = ''
let member = { account: 'member', person: '' }
let one: Visitor
let other: Visitor
let phone: Visitor

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ signIn: true }), startBrowser()])
  admin = await administrator(server)
  const weekday = new Date(`${dayFromToday(0)}T00:00:00Z`).getUTCDay() || 7
  monday = dayFromToday(8 - weekday)
  await admin('/api/v1/demo-data', { json: { preset: 'street', seed: 7, weekStart: monday } })
  street = (await admin<{ items: { id: string }[] }>('/api/v1/units?level=street&limit=1')).items[0]!.id
  draft = await planned()
  const duties = await admin<{ items: { person: string }[] }>(`/api/v1/schedules/${draft}/assignments?limit=1`)
  member = { ...member, person: duties.items[0]!.person }
  await account(server, admin, 'first', [{ role: 'coordinator', unit: street }])
  await account(server, admin, 'second', [{ role: 'coordinator', unit: street }])
  await account(server, admin, member.account, [{ role: 'member', unit: street }], member.person)
  ;[one, other, phone] = await Promise.all([visit(browser, server), visit(browser, server), visit(browser, server, { viewport: PHONE, isMobile: true, hasTouch: true })])
  await signIn(one, 'first')
  await signIn(other, 'second')
  await signIn(phone, member.account)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function planned(): Promise<string> {
  const { id } = await admin<{ id: string }>('/api/v1/schedules', { json: { unit: street, week: monday, timeLimitSeconds: 4, threads: 1, acceptDraftCalendar: true } })
  await vi.waitUntil(async () => (await admin<{ status: string }>(`/api/v1/schedules/${id}`)).status === 'planned', { timeout: 120_000, interval: 500 })
  return id
}
/** A page that was loaded anew has lost this. */
const mark = (page: Page) => page.evaluate(() => void ((window as unknown as { here: boolean }).here = true))
const stayed = (page: Page) => page.evaluate(() => (window as unknown as { here?: boolean }).here === true)

test('a pin set by one coordinator appears on the board of the other', async () => {
  for (const visitor of [one, other]) await visitor.go(`/board?plan=${draft}`)
  await mark(other.page)
  const pinned = other.page.locator('[data-at="0:0"] .who.pinned')
  await expect.poll(() => pinned.count()).toBe(0)
  await one.page.locator('[data-at="0:0"]').focus()
  await one.page.keyboard.press('p')
  await one.page.getByText(/已锁定 /).first().waitFor()
  await expect.poll(() => pinned.count()).toBeGreaterThan(0)
  await other.page.getByText('别人改动了名单，已更新').first().waitFor()
  expect(await stayed(other.page)).toBe(true)
  // Whoever has set it is not told of it.
  await expect.poll(() => one.page.getByText('别人改动了名单，已更新').count()).toBe(0)
})

test('a board that is being changed waits, and shows what was missed afterwards', async () => {
  const { page } = other
  // The pins of a cell arrive one by one.
  const all = await one.page.locator('[data-at="0:0"] .who.pinned').count()
  await expect.poll(() => page.locator('[data-at="0:0"] .who.pinned').count()).toBe(all)
  await settled(page)
  await page.locator('[data-at="0:0"]').focus()
  await page.keyboard.press('m')
  await page.getByRole('button', { name: '取消' }).first().waitFor()
  const before = await page.locator('[data-at="0:0"] .who.pinned').count()
  expect(before).toBeGreaterThan(0)
  await one.page.locator('[data-at="0:0"]').focus()
  await one.page.keyboard.press('p')
  await expect.poll(() => one.page.locator('[data-at="0:0"] .who.pinned').count()).toBe(0)
  await settled(page)
  await expect.poll(() => page.locator('[data-at="0:0"] .who.pinned').count()).toBe(before)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('[data-at="0:0"] .who.pinned').count()).toBe(0)
})

test('a published week appears on the phone of somebody who serves, and a confirmation on the desk', async () => {
  const { page } = phone
  await page.getByText('我是').waitFor()
  await mark(page)
  await expect.poll(() => page.locator('.duty').count()).toBe(0)
  const { version } = await admin<{ version: number }>(`/api/v1/schedules/${draft}`)
  await admin(`/api/v1/schedules/${draft}/publish`, { method: 'POST', headers: { 'if-match': `"${version}"` } })
  await page.getByText(/本周\d+个班次/).waitFor()
  await expect.poll(() => page.locator('.duty').count()).toBeGreaterThan(0)
  expect(await stayed(page)).toBe(true)

  // The coordinator looks at what has happened while it does.
  await one.go('/swaps')
  await mark(one.page)
  await one.page.getByRole('tab', { name: '生效后的变动' }).click()
  await one.page.getByText('还没有变动').or(one.page.locator('li')).first().waitFor()
  await page.getByRole('button', { name: /^不能来/ }).first().click()
  const dialog = page.getByRole('dialog', { name: '不能来' })
  await dialog.getByRole('textbox').fill('腰疼')
  await dialog.getByRole('button', { name: '不能来' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await one.page.getByText('腰疼').waitFor()
  expect(await stayed(one.page)).toBe(true)
})

test('a case that one registers and moves is seen in the inbox and on its page', async () => {
  await other.go('/cases')
  await mark(other.page)
  const { case: made } = await admin<{ case: { id: string; version: number } }>('/api/v1/cases', { json: { unit: street, channel: 'hotline', subject: '路灯整夜不亮', resident: null } })
  await other.page.getByText('路灯整夜不亮').waitFor()
  expect(await stayed(other.page)).toBe(true)
  await other.page.getByRole('link', { name: '路灯整夜不亮' }).click()
  await other.page.getByRole('heading', { name: '路灯整夜不亮' }).waitFor()
  await one.go(`/cases/${made.id}`)
  await one.page.getByRole('button', { name: '分类' }).first().click()
  const dialog = one.page.getByRole('dialog')
  await dialog.getByRole('combobox').first().press('Enter')
  await one.page.getByRole('option').filter({ visible: true }).first().click()
  await dialog.getByRole('button', { name: '分类' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => other.page.locator('.page-head .sign').first().innerText()).toBe('已分类')
  expect(await stayed(other.page)).toBe(true)
})

test('people, stations, visits, needs and plans that others enter appear on their pages', async () => {
  const { page } = other
  const visitOf = { person: member.person, unit: street, date: monday, startMinute: 840, endMinute: 960, households: 3, status: 'planned', note: '看望独居老人' }
  const stations = { unit: street, name: '新开的服务点', kind: 'servicePoint', alwaysOpen: true }
  const person = { name: '安新来', sortKey: 'aa', category: 'volunteer', homeUnit: street }
  const need = { title: '缺一台轮椅', unit: street, quantity: 1, status: 'open' }
  for (const [path, list, json, text] of [
    ['/visits', 'visits', visitOf, visitOf.note],
    ['/stations', 'stations', stations, stations.name],
    ['/people', 'people', person, person.name],
    ['/needs', 'needs', need, need.title],
  ] as const) {
    await other.go(path)
    await mark(page)
    await admin(`/api/v1/${list}`, { json })
    await page.getByText(text).first().waitFor()
    expect(await stayed(page), path).toBe(true)
  }
  await other.go('/plans')
  await mark(page)
  const before = await page.locator('tbody tr').count()
  await planned()
  await expect.poll(() => page.locator('tbody tr').count()).toBe(before + 1)
  await page.getByRole('cell', { name: '已排', exact: true }).first().waitFor()
  expect(await stayed(page)).toBe(true)
})

test('demand, calendars, accounts and the trail that others change appear on their pages', async () => {
  const { page } = other
  const [template] = (await admin<{ items: { id: string; version: number; name: string }[] }>(`/api/v1/demand-templates?unit=${street}&limit=1`)).items
  await other.go('/demand')
  await mark(page)
  await admin(`/api/v1/demand-templates/${template!.id}`, { method: 'PUT', json: { ...template, name: '周末加开' }, headers: { 'if-match': `"${template!.version}"` } })
  await page.getByText('周末加开').first().waitFor()
  expect(await stayed(page)).toBe(true)

  await other.go('/calendars')
  await mark(page)
  await admin('/api/v1/calendars', { json: { year: 2033, published: false, source: null, days: [] } })
  await page.getByRole('button', { name: '2033', exact: true }).click()
  expect(await stayed(page)).toBe(true)

  const boss = await visit(browser, server)
  await signIn(boss, 'admin')
  await boss.go('/accounts')
  await mark(boss.page)
  await account(server, admin, 'newcomer', [{ role: 'reader', unit: street }])
  await boss.page.getByRole('button', { name: 'newcomer', exact: true }).waitFor()
  expect(await stayed(boss.page)).toBe(true)

  await boss.go('/audit')
  await mark(boss.page)
  const newest = async () => Number(await boss.page.locator('.rows').getByRole('button').first().innerText())
  const before = await newest()
  await admin('/api/v1/stations', { json: { unit: street, name: '又一个服务点', kind: 'servicePoint', alwaysOpen: true } })
  await expect.poll(newest).toBeGreaterThan(before)
  expect(await stayed(boss.page)).toBe(true)
  await boss.go('/profiles')
  await mark(boss.page)
  const profile = await admin<{ version: number; rules: object }>('/api/v1/constraint-profiles/default')
  await admin('/api/v1/constraint-profiles/default/versions', { json: { rules: { ...profile.rules, S32: { weight: 3 } }, note: '路远的少排一点' }, headers: { 'if-match': `"${profile.version}"` } })
  await boss.page.getByText('路远的少排一点').waitFor()
  expect(await stayed(boss.page)).toBe(true)
  expect(boss.complaints).toEqual([])
  await boss.close()
})

test('a year that is being changed waits, and saving it shows what the other has changed', async () => {
  const boss = await visit(browser, server)
  await signIn(boss, 'admin')
  await boss.go('/calendars')
  await boss.page.getByRole('button', { name: '2033', exact: true }).click()
  await boss.page.getByRole('button', { name: /^2033-03-09/ }).click()
  await boss.page.getByRole('button', { name: '休息日', exact: true }).click()
  await boss.page.getByText('有未保存的修改').or(boss.page.locator('.page-head .sign')).first().waitFor()
  await admin('/api/v1/calendars/2033', { method: 'PUT', json: { year: 2033, published: false, source: '另一人所填', days: [] }, headers: { 'if-match': '"1"' } })
  await settled(boss.page)
  await boss.page.getByRole('button', { name: '保存', exact: true }).click()
  const conflict = boss.page.getByRole('dialog', { name: '别人刚刚改过' })
  await conflict.getByText('另一人所填').waitFor()
  await conflict.getByRole('button', { name: '在对方基础上保留我的修改' }).click()
  await conflict.waitFor({ state: 'hidden' })
  await expect.poll(() => admin('/api/v1/calendars/2033')).toMatchObject({ source: '另一人所填', days: [{ date: '2033-03-09', isOff: true }] })
  expect(boss.complaints).toEqual([])
  await boss.close()
})

test('a person’s record shows what the other changes, and waits while it is being edited', async () => {
  const id = member.person
  const person = await admin<{ name: string; phone: string; version: number }>(`/api/v1/people/${id}`)
  const change = async (part: object) => {
    const now = await admin<{ version: number }>(`/api/v1/people/${id}`)
    await admin(`/api/v1/people/${id}`, { method: 'PUT', json: { ...now, ...part }, headers: { 'if-match': `"${now.version}"` } })
  }
  await one.go(`/people/${id}`)
  await mark(one.page)
  const sort = one.page.getByLabel('拼音排序')
  await change({ sortKey: 'aaa first' })
  await expect.poll(() => sort.inputValue()).toBe('aaa first')
  // What one has begun to write stays, whatever the other does meanwhile.
  await sort.fill('mine')
  await change({ newcomer: true })
  await settled(one.page)
  expect(await sort.inputValue()).toBe('mine')
  await one.page.getByRole('button', { name: '保存', exact: true }).click()
  const conflict = one.page.getByRole('dialog', { name: '别人刚刚改过' })
  await conflict.getByText('新人').waitFor()
  await conflict.getByRole('button', { name: '在对方基础上保留我的修改' }).click()
  await conflict.waitFor({ state: 'hidden' })
  await expect.poll(() => admin(`/api/v1/people/${id}`)).toMatchObject({ name: person.name, sortKey: 'mine', newcomer: true })
  expect(await stayed(one.page)).toBe(true)
})

test('a page without connection says so, and shows what it has missed when it is back', async () => {
  const lost = await visit(browser, server)
  await signIn(lost, 'second')
  await lost.go('/cases')
  await mark(lost.page)
  const sign = lost.page.getByText('连接中断，正在重连')
  expect(await sign.count()).toBe(0)
  await lost.page.context().setOffline(true)
  await sign.waitFor()
  // A page that is opened meanwhile has nothing to show, and shows it afterwards.
  await lost.page.getByRole('link', { name: '走访', exact: true }).click()
  await lost.page.getByText('连不上服务').or(lost.page.getByText('出错了')).first().waitFor()
  await lost.page.context().setOffline(false)
  await lost.page.getByText('看望独居老人').waitFor()
  await sign.waitFor({ state: 'detached' })
  expect(await stayed(lost.page)).toBe(true)
  await lost.close()
})

test('a window that was not looked at asks what it has missed', async () => {
  await other.go('/cases')
  const hide = (state: string) => other.page.evaluate((to) => {
    Object.defineProperty(document, 'visibilityState', { value: to, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
  await hide('hidden')
  await admin('/api/v1/cases', { json: { unit: street, channel: 'hotline', subject: '井盖松动', resident: null } })
  await settled(other.page)
  await expect.poll(() => other.page.getByText('井盖松动').count()).toBe(0)
  await hide('visible')
  await other.page.getByText('井盖松动').waitFor()
})

test('nobody hears of what is not theirs, and nothing was complained about', async () => {
  const heard = await (await server.as(member.account, 'a sentence that is long'))<{ changes: { kind: string; id: string | null }[] }>('/api/v1/changes?after=0')
  expect(heard.changes.filter((notice) => notice.id !== null)).toEqual([])
  expect([...one.complaints, ...other.complaints, ...phone.complaints]).toEqual([])
})
