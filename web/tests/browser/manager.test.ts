/** A manager reads what rules cost, tries a change and compares; rights decide what can be changed; notifications that failed go out again. */
import { createServer, type Server as Receiver } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { seriousFindings } from './axe'
import { account, administrator, dayFromToday, signIn, startBrowser, startServer, visit, type Api, type Server, type Visitor } from './harness'

/** The Monday after today: a week that has begun cannot be published again. */
const WEEK = dayFromToday(8 - (new Date(`${dayFromToday(0)}T00:00:00Z`).getUTCDay() || 7))
/** Prices and what-ifs are solves of their own, on whatever the machine has to spare. */
const PATIENCE = 400_000
let server: Server
let browser: Browser
let admin: Api
let manager: Visitor
let street = ''
let community = ''
let plans: string[] = []
let receiver: Receiver
let answer = 500
let received = 0

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ signIn: true, args: ['--housekeeping-seconds', '1'] }), startBrowser()])
  receiver = createServer((request, response) => {
    request.resume()
    if (answer === 200) received += 1
    response.writeHead(answer).end()
  })
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready))
  admin = await administrator(server)
  await admin('/api/v1/demo-data', { json: { preset: 'street', seed: 7, weekStart: WEEK } })
  street = (await admin<{ items: { id: string }[] }>('/api/v1/units?level=street&limit=1')).items[0]!.id
  community = (await admin<{ items: { id: string }[] }>(`/api/v1/units?parent=${street}&limit=1`)).items[0]!.id
  for (const seed of [1, 2]) {
    const { id } = await admin<{ id: string }>('/api/v1/schedules', { json: { unit: street, week: WEEK, timeLimitSeconds: 4, threads: 1, seed } })
    await vi.waitUntil(async () => (await admin<{ status: string }>(`/api/v1/schedules/${id}`)).status === 'planned', { timeout: 120_000, interval: 500 })
    plans.push(id)
  }
  await account(server, admin, 'manager', [{ role: 'manager', unit: null }])
  await account(server, admin, 'street', [{ role: 'coordinator', unit: street }])
  await account(server, admin, 'community', [{ role: 'reader', unit: street }, { role: 'coordinator', unit: community }])
  manager = await visit(browser, server)
  await signIn(manager, 'manager')
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  receiver?.close()
})

test('each rule shows its price once it is worked out, in numbers of the tier that it burdens', async () => {
  const { page } = manager
  await manager.go('/profiles')
  await page.getByRole('button', { name: '算出价格' }).click()
  await page.locator('.rule .price').first().waitFor({ timeout: PATIENCE })
  const priced = () => page.locator('.rule .price').filter({ hasText: /^价格\s+(居民优先|应尽义务|质量) [+−]\d/ }).count()
  await expect.poll(priced, { timeout: PATIENCE }).toBeGreaterThan(0)
  expect(await seriousFindings(page)).toEqual([])
})

test('a change is tried on a copy and compared tier by tier, then saved as a version', async () => {
  const { page } = manager
  await expect.poll(() => page.getByRole('button', { name: '试算' }).isDisabled()).toBe(true)
  await page.getByRole('spinbutton', { name: /^S32 权重/ }).fill('9')
  await page.keyboard.press('Tab')
  await page.getByText('1处修改未保存').waitFor()
  await page.getByRole('button', { name: '试算' }).click()
  const dialog = page.getByRole('dialog', { name: '试算：改了会怎样' })
  await dialog.getByRole('rowheader', { name: '1 · 居民优先' }).waitFor({ timeout: PATIENCE })
  await expect.poll(() => dialog.getByRole('row').count()).toBe(4)
  await dialog.getByText(/\d+人的班次会不同/).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: '关闭', exact: true }).click()
  expect((await admin<{ rules: object }>('/api/v1/constraint-profiles/default')).rules).not.toMatchObject({ S32: { weight: 9 } })
  await page.getByRole('button', { name: '保存为新版本' }).click()
  await page.getByRole('dialog', { name: '保存为新版本' }).getByRole('button', { name: '保存' }).click()
  await page.locator('.page-head').getByText('第2版').waitFor()
})

test('two plans of a week are compared', async () => {
  const { page } = manager
  // The app begins with the week after today's, whichever that is.
  await page.evaluate((scope) => {
    for (const storage of [sessionStorage, localStorage]) storage.setItem('paiban.scope', scope)
  }, JSON.stringify({ unit: street, week: WEEK }))
  await manager.go('/profiles')
  await page.getByRole('link', { name: '方案', exact: true }).first().click()
  const boxes = page.getByRole('checkbox', { name: /^比较方案/ })
  await boxes.nth(1).waitFor()
  await boxes.nth(0).check()
  await boxes.nth(1).check()
  await page.getByRole('button', { name: '比较方案 (2/2)' }).click()
  await page.getByText(/\d+人的班次不同|两份班表相同/).waitFor()
  await expect.poll(() => page.getByRole('row').filter({ hasText: '居民优先' }).count()).toBeGreaterThan(0)
  expect(await seriousFindings(page)).toEqual([])
})

test('a manager reads a unit’s settings and cannot change them, nor channels', async () => {
  const { page } = manager
  await manager.go('/policies')
  await page.getByText('您可以查看这个单位的设置').waitFor()
  await expect.poll(() => page.getByRole('button', { name: /保存/ }).count()).toBe(0)
  expect(await seriousFindings(page)).toEqual([])
  await manager.go('/channels')
  await page.getByText('您的角色不能使用这个页面').waitFor()
})

test('a community’s coordinator changes its settings and not the street’s', async () => {
  const local = await visit(browser, server)
  await signIn(local, 'community')
  const { page } = local
  const at = async (unit: string) => {
    await page.evaluate((scope) => {
      sessionStorage.setItem('paiban.scope', scope)
      localStorage.setItem('paiban.scope', scope)
    }, JSON.stringify({ unit, week: WEEK }))
    await local.go('/policies')
  }
  await at(street)
  await page.getByText('您可以查看这个单位的设置').waitFor()
  await expect.poll(() => page.getByRole('button', { name: /^保存/ }).count()).toBe(0)
  await at(community)
  await page.getByRole('spinbutton', { name: '提前提醒（小时）' }).fill('36')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: /^保存/ }).click()
  await expect.poll(() => admin(`/api/v1/service-policies/${community}`)).toMatchObject({ unit: community, reminderHours: 36 })
  expect(local.complaints).toEqual([])
  await local.close()
})

test('the administrator adds a channel; what its receiver refused is read, and sent again once it is mended', async () => {
  const boss = await visit(browser, server)
  await signIn(boss, 'admin')
  const { page } = boss
  await boss.go('/channels')
  await page.getByRole('button', { name: '新增渠道' }).first().click()
  const form = page.getByRole('dialog', { name: '新增渠道' })
  await form.getByLabel('名称').fill('街道大屏')
  await form.getByLabel('地址', { exact: true }).fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`)
  expect(await seriousFindings(page)).toEqual([])
  await form.getByRole('button', { name: '保存' }).click()
  await page.getByRole('heading', { name: '街道大屏' }).waitFor()
  const { version } = await admin<{ version: number }>(`/api/v1/schedules/${plans[0]}`)
  await admin(`/api/v1/schedules/${plans[0]}/publish`, { method: 'POST', headers: { 'if-match': `"${version}"` } })

  await page.getByRole('link', { name: '发送记录' }).first().click()
  await page.getByText('没有发送失败的通知').waitFor()
  await page.getByText('等待发送', { exact: true }).click()
  const again = page.getByRole('button', { name: /^重发/ })
  await vi.waitUntil(async () => {
    if ((await again.count()) > 0) return true
    // What was sent or refused appears by itself.
    return false
  }, { timeout: 60_000, interval: 500 })
  await page.getByText(/500/).first().waitFor()
  expect(await seriousFindings(page)).toEqual([])
  answer = 200
  await again.first().click()
  await page.getByText('已重新排队').waitFor()
  await expect.poll(() => received, { timeout: 60_000 }).toBeGreaterThan(0)
  await page.getByText('已发送', { exact: true }).click()
  await page.locator('li').filter({ hasText: '街道大屏' }).first().waitFor()
  expect(boss.complaints).toEqual([])
  await boss.close()
})

test('the administrator reads what was given up and why, and sends it again', async () => {
  answer = 503
  const { version } = await admin<{ version: number }>(`/api/v1/schedules/${plans[1]}`)
  await admin(`/api/v1/schedules/${plans[1]}/publish`, { method: 'POST', headers: { 'if-match': `"${version}"` } })
  const inState = async (status: string) => (await admin<{ items: { id: string; attempts: number; error: string | null }[] }>(`/api/v1/deliveries?status=${status}&limit=100`)).items
  await expect.poll(async () => (await inState('queued')).some((one) => one.error), { timeout: 60_000 }).toBe(true)
  // As after a day of tries: the next one is the last.
  server.change("UPDATE outbox SET attempts = 5, due_at = created_at WHERE status = 'queued'")
  await expect.poll(async () => [(await inState('queued')).length, (await inState('dead')).length > 0], { timeout: 60_000 }).toEqual([0, true])
  const dead = await inState('dead')
  expect(dead.map((one) => one.attempts)).toEqual(dead.map(() => 6))

  const boss = await visit(browser, server)
  await signIn(boss, 'admin')
  const { page } = boss
  await boss.go('/deliveries')
  const lines = page.locator('main li')
  await expect.poll(() => lines.count()).toBe(dead.length)
  const line = await lines.first().innerText()
  for (const part of ['发送失败', '街道大屏', '已尝试6次', '503']) expect(line).toContain(part)
  expect(await seriousFindings(page)).toEqual([])
  answer = 200
  const before = received
  await page.getByRole('button', { name: dead.length > 1 ? /^全部重发/ : /^重发/ }).first().click()
  await page.getByText('已重新排队').waitFor()
  await page.getByText('没有发送失败的通知').waitFor()
  await expect.poll(() => received - before, { timeout: 60_000 }).toBe(dead.length)
  expect((await inState('dead')).length).toBe(0)
  const trail = await admin<{ items: { action: string }[] }>('/api/v1/audit?kind=delivery&action=redeliver&limit=100')
  expect(trail.items.length).toBeGreaterThanOrEqual(dead.length)
  expect(boss.complaints).toEqual([])
  await boss.close()
})

test('a street’s coordinator sees the network’s channels without controls, and adds one for the street', async () => {
  const local = await visit(browser, server)
  await signIn(local, 'street')
  const { page } = local
  await local.go('/channels')
  await page.getByRole('button', { name: '新增渠道' }).first().click()
  const form = page.getByRole('dialog', { name: '新增渠道' })
  await expect.poll(() => form.getByRole('button', { name: '全网' }).count()).toBe(0)
  await form.getByLabel('名称').fill('街道群')
  await form.getByLabel('地址', { exact: true }).fill('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0')
  await form.getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: '编辑 街道群' }).waitFor()
  await expect.poll(() => page.getByRole('button', { name: '编辑 街道大屏' }).count()).toBe(0)
  expect(local.complaints).toEqual([])
  await local.close()
})

test('what a street’s coordinator may not change has no control, and the tree begins at the street', async () => {
  const visitor = await visit(browser, server)
  await signIn(visitor, 'street')
  const { page } = visitor
  await visitor.go('/stations')
  await page.getByRole('treeitem').first().waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
  await page.getByRole('button', { name: '新建站点' }).waitFor()
  await visitor.go('/plans')
  await page.locator('tbody tr').first().waitFor()
  for (const [path, shown, control] of [
    ['/lists', '教育辅导', '新建技能'],
    ['/calendars', '国务院已公布', '保存'],
    ['/profiles', '岗位最低人数缺口', '保存为新版本'],
  ] as const) {
    await visitor.go(path)
    await page.getByText(shown).first().waitFor()
    expect(await page.getByRole('button', { name: control, exact: true }).count(), path).toBe(0)
  }
  expect(visitor.complaints).toEqual([])
  await visitor.close()
})

test('whoever may only read finds a person’s form closed', async () => {
  await account(server, admin, 'onlooker', [{ role: 'reader', unit: street }])
  const { items } = await admin<{ items: { id: string }[] }>(`/api/v1/people?unit=${street}&limit=1`)
  const visitor = await visit(browser, server)
  await signIn(visitor, 'onlooker')
  const { page } = visitor
  await visitor.go(`/people/${items[0]!.id}`)
  await page.locator('#p-name').waitFor()
  expect(await page.locator('#p-name').isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: '保存', exact: true }).count()).toBe(0)
  expect(visitor.complaints).toEqual([])
  await visitor.close()
})

test('a street’s manager copies the network’s rules for the street, and saves versions of the copy only', async () => {
  await account(server, admin, 'local-manager', [{ role: 'manager', unit: street }])
  const visitor = await visit(browser, server)
  await signIn(visitor, 'local-manager')
  const { page } = visitor
  await visitor.go('/profiles')
  await page.getByText('岗位最低人数缺口').first().waitFor()
  expect(await page.getByRole('button', { name: '保存为新版本' }).count()).toBe(0)
  await page.getByRole('button', { name: '另存为新方案' }).click()
  await page.getByRole('dialog').getByRole('textbox').first().fill('本街道')
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: '保存为新版本' }).waitFor()
  const { items } = await admin<{ items: { name: string; unit: string | null }[] }>('/api/v1/constraint-profiles')
  expect(items.find((one) => one.name === '本街道')?.unit).toBe(street)
  expect(visitor.complaints).toEqual([])
  await visitor.close()
})

test('nothing was refused, nothing was fetched from elsewhere', () => {
  expect(manager.complaints).toEqual([])
})
