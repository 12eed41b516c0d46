/** A coordinator starts on an empty database, plans a week, adjusts it by keyboard, publishes and prints. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seriousFindings } from './axe'
import { settled, startBrowser, startServer, visit, type Server, type Visitor } from './harness'

let server: Server
let browser: Browser
let me: Visitor
beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), startBrowser()])
  me = await visit(browser, server)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

test('an empty database leads to the guided start, which loads a demo', async () => {
  await me.go('/board')
  expect(new URL(me.page.url()).pathname).toBe('/welcome')
  expect(await seriousFindings(me.page)).toEqual([])
  await me.page.getByRole('button', { name: '载入示范数据' }).click()
  await me.page.getByRole('heading', { name: '周班表' }).waitFor()
  await settled(me.page)
  // The demo's activities bring posts along, so the board has rows before anything is planned.
  await me.page.getByRole('button', { name: '生成班表' }).first().waitFor()
})

test('generating shows live progress, and stopping keeps the best', async () => {
  await me.page.getByRole('button', { name: '生成班表' }).first().click()
  const dialog = me.page.getByRole('dialog', { name: '生成班表' })
  await dialog.getByRole('spinbutton', { name: '时间上限（秒）' }).fill('600')
  await dialog.getByRole('button', { name: '开始' }).click()
  const run = me.page.locator('section.run')
  await run.getByText(/已完成[1-9]\d*\/\d+部分/).waitFor({ timeout: 60_000 })
  // A chart for each tier as soon as there is a roster, each said in words.
  await run.getByRole('img', { name: /^第1层：居民优先：\d+秒内最好的代价从[\d,]+到[\d,]+/ }).locator('canvas').waitFor({ timeout: 120_000 })
  await expect.poll(() => run.locator('figure canvas').count()).toBe(3)
  await run.getByRole('button', { name: '停止，保留最好的' }).click()
  await me.page.getByText(/个班次 · /).waitFor({ timeout: 90_000 })
  const heads = await me.page.locator('.gridrow .who').count()
  expect(heads).toBeGreaterThan(20)
  await me.page.getByRole('link', { name: /证书/ }).waitFor()
})

test('the board works by keyboard alone and says each cell', async () => {
  const grid = me.page.getByRole('grid')
  await expect.poll(() => grid.getAttribute('aria-colcount')).toBe('22')
  // One tab stop for the whole grid.
  await expect.poll(() => grid.locator('[tabindex="0"]').count()).toBe(1)
  await grid.locator('[tabindex="0"]').focus()
  const focused = () => me.page.evaluate(() => document.activeElement?.getAttribute('data-at') ?? '')
  await me.page.keyboard.press('ArrowRight')
  await me.page.keyboard.press('ArrowDown')
  await expect.poll(() => focused()).toBe('1:1')
  await me.page.keyboard.press('Control+End')
  const rows = Number(await grid.getAttribute('aria-rowcount')) - 2
  await expect.poll(() => focused()).toBe(`${rows - 1}:20`)
  await me.page.keyboard.press('Control+Home')
  await expect.poll(() => focused()).toBe('0:0')
  const label = await me.page.evaluate(() => document.activeElement?.querySelector('.hidden')?.textContent)
  expect(label).toMatch(/工作总站，周一 上午，.*人在岗，最低\d，目标\d：/)
  expect(await seriousFindings(me.page)).toEqual([])
})

test('P pins, undo takes it back, Enter opens the details and Escape returns', async () => {
  await me.page.keyboard.press('p')
  await me.page.getByText(/已锁定 /).first().waitFor()
  const pinned = me.page.locator('[data-at="0:0"] .who.pinned')
  await expect.poll(() => pinned.count()).toBeGreaterThan(0)
  await me.page.getByRole('button', { name: '撤销' }).click()
  await expect.poll(() => pinned.count()).toBe(0)
  await me.page.locator('[data-at="0:0"]').focus()
  await me.page.keyboard.press('p')
  await expect.poll(() => pinned.count()).toBeGreaterThan(0)
  await me.page.keyboard.press('Enter')
  const drawer = me.page.getByRole('dialog')
  await drawer.getByText('08:00-12:00').first().waitFor()
  expect(await seriousFindings(me.page)).toEqual([])
  await me.page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'hidden' })
  await expect.poll(() => me.page.evaluate(() => document.activeElement?.getAttribute('data-at'))).toBe('0:0')
})

test('a replacement is chosen from a ranking with prices, saved, and undone', async () => {
  const cell = me.page.locator('[data-at="1:0"]')
  const before = await cell.locator('.who').allInnerTexts()
  await cell.focus()
  await me.page.keyboard.press('Enter')
  const drawer = me.page.locator('.el-drawer')
  await drawer.getByRole('button', { name: /^换人/ }).first().click()
  const dialog = me.page.getByRole('dialog', { name: /^谁来接替/ })
  const ranked = dialog.getByRole('list', { name: '可以顶上的人，好的在前' })
  await ranked.locator('li').first().waitFor()
  await expect.poll(() => ranked.locator('li').first().innerText()).toMatch(/更好|不变|代价上升/)
  expect(await seriousFindings(me.page)).toEqual([])
  await dialog.getByRole('button', { name: /^选这个人/ }).first().click()
  await dialog.waitFor({ state: 'hidden' })
  await me.page.keyboard.press('Escape')
  await expect.poll(() => cell.locator('.who').allInnerTexts()).not.toEqual(before)
  await me.page.getByRole('button', { name: '撤销' }).click()
  await expect.poll(async () => (await cell.locator('.who').allInnerTexts()).sort()).toEqual([...before].sort())
})

test('a duty is carried to another cell by keyboard, priced before it is saved, and by mouse as well', async () => {
  const cell = me.page.locator('[data-at="1:0"]')
  const before = await cell.locator('.who').allInnerTexts()
  await cell.focus()
  await me.page.keyboard.press('m')
  await me.page.getByRole('status').getByText(/^正在移动/).waitFor()
  await me.page.keyboard.press('Escape')
  await me.page.getByRole('status').getByText('已取消移动').waitFor()
  await me.page.keyboard.press('m')
  await me.page.keyboard.press('ArrowRight')
  await me.page.keyboard.press('Enter')
  const dialog = me.page.getByRole('dialog', { name: '移动班次' })
  await dialog.locator('.effect').waitFor()
  expect(await seriousFindings(me.page)).toEqual([])
  await dialog.getByRole('button', { name: '取消' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await cell.locator('.who').first().dragTo(me.page.locator('[data-at="1:1"]'))
  await dialog.locator('.effect').waitFor()
  const reason = dialog.getByRole('textbox', { name: '破例的原因' })
  if ((await reason.count()) > 0) await reason.fill('临时调整')
  await dialog.getByRole('button', { name: /保存$/ }).click()
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => cell.locator('.who').count()).toBe(before.length - 1)
  await me.page.getByRole('button', { name: '撤销' }).click()
  await expect.poll(async () => (await cell.locator('.who').allInnerTexts()).sort()).toEqual([...before].sort())
})

test('posts that are short come with reasons and repairs with their price', async () => {
  const short = me.page.getByRole('button', { name: /个岗位缺人/ })
  await short.click()
  const drawer = me.page.getByRole('dialog', { name: /缺人的岗位/ })
  await drawer.getByRole('button', { name: '怎么补上' }).first().click()
  await drawer.locator('.repairs').first().getByText(/更好|没有找到/).first().waitFor()
  expect(await seriousFindings(me.page)).toEqual([])
  await me.page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'hidden' })
})

test('a repair is done with one click, and the post is no longer short', async () => {
  const schedule = (await server.api<{ items: { id: string }[] }>('/api/v1/schedules')).items[0]!.id
  const post = await leftShort(schedule)
  const station = (await server.api<{ name: string }>(`/api/v1/stations/${post.station}`)).name
  await me.go(`/board?plan=${schedule}`)
  const short = me.page.getByRole('button', { name: /个岗位缺人/ })
  const before = Number.parseInt(await short.innerText(), 10)
  await short.click()
  const drawer = me.page.getByRole('dialog', { name: /缺人的岗位/ })
  const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  const one = drawer.locator('li').filter({ hasText: station }).filter({ hasText: `${post.date.slice(5)} ${clock(post.startMinute)}-${clock(post.endMinute)}` }).filter({ hasText: post.skillName }).first()
  await one.getByRole('button', { name: '怎么补上' }).click()
  await one.getByRole('button', { name: '照此办理' }).first().click()
  await me.page.getByText('班表已修改，可以撤销').first().waitFor()
  await expect.poll(async () => Number.parseInt(await short.innerText(), 10)).toBeLessThan(before)
  await me.page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'hidden' })
})

interface Short {
  id: string
  station: string
  date: string
  startMinute: number
  endMinute: number
  skillName: string
}

/** Takes somebody away from a post that somebody else can fill without breaking a rule. */
async function leftShort(schedule: string): Promise<Short> {
  const { items } = await server.api<{ items: { person: string; post: string }[] }>(`/api/v1/schedules/${schedule}/assignments?limit=500`)
  for (const { person, post } of items) {
    const heads = items.filter((one) => one.post === post).length
    const wanted = await server.api<Short & { minHeads: number; skill: string | null }>(`/api/v1/posts/${post}`)
    if (heads !== wanted.minHeads) continue
    await server.api(`/api/v1/schedules/${schedule}/changes`, { json: { removed: [{ person, post }], added: [] } })
    const [explained] = await server.api<{ repairs: { kind: string; effect: { broken: unknown[] } }[] }[]>(`/api/v1/schedules/${schedule}/explanation?post=${post}`)
    if (explained?.repairs[0] && explained.repairs[0].effect.broken.length === 0) {
      const skillName = wanted.skill ? (await server.api<{ name: string }>(`/api/v1/skills/${wanted.skill}`)).name : '综合'
      return { ...wanted, skillName }
    }
    await server.api(`/api/v1/schedules/${schedule}/changes`, { json: { removed: [], added: [{ person, post }] } })
  }
  throw new Error('no post of the demo can be mended')
}

test('somebody else pins meanwhile: nothing is overwritten, and it is said', async () => {
  const schedule = (await server.api<{ items: { id: string }[] }>('/api/v1/schedules')).items[0]!.id
  const list = await server.api<{ items: { id: number; version: number }[] }>(`/api/v1/schedules/${schedule}/assignments?pinned=true&limit=1`)
  const one = list.items[0]!
  // The page does not hear of it in time: a window that nobody looks at listens to nothing.
  const look = (state: string) => me.page.evaluate((to) => {
    Object.defineProperty(document, 'visibilityState', { value: to, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
  await look('hidden')
  await server.api(`/api/v1/schedules/${schedule}/assignments/${one.id}/pin`, { method: 'DELETE', headers: { 'if-match': `"${one.version}"` } })
  await me.page.locator('[data-at="0:0"]').focus()
  await me.page.keyboard.press('p')
  await me.page.getByText(/刚被别人改过/).first().waitFor()
  await look('visible')
  await settled(me.page)
})

test('publishing previews whose duties change, then shows the roster in force', async () => {
  await me.page.getByRole('button', { name: '发布', exact: true }).click()
  const dialog = me.page.getByRole('dialog', { name: '发布班表' })
  await dialog.getByText(/第一次发布/).waitFor()
  await dialog.getByRole('button', { name: '发布', exact: true }).click()
  await me.page.locator('.page-head').getByText('已发布').waitFor()
})

test('unmet needs come with reasons', async () => {
  await me.go(`/plans/${(await server.api<{ items: { id: string }[] }>('/api/v1/schedules')).items[0]!.id}`)
  await me.page.getByRole('heading', { name: /缺人的岗位 \(\d+\)/ }).waitFor()
  await me.page.locator('#unmet .reason').first().waitFor()
  await expect.poll(() => me.page.locator('#unmet .reason').first().innerText()).toMatch(/原因 缺\d人/)
  expect(await seriousFindings(me.page)).toEqual([])
  // How the roster came about is kept, and ends where the certificate stands.
  const course = me.page.locator('#course')
  await expect.poll(() => course.locator('figure canvas').count()).toBe(3)
  await course.getByText('列成表格').click()
  const schedule = (await server.api<{ items: { id: string }[] }>('/api/v1/schedules')).items[0]!.id
  const { tiers } = await server.api<{ tiers: { value: number; bound: number }[] }>(`/api/v1/schedules/${schedule}/certificate`)
  const last = await course.getByRole('row').last().getByRole('cell').allInnerTexts()
  expect(last.map((text) => Number(text.replaceAll(',', '')))).toEqual(tiers.flatMap((tier) => [tier.value, tier.bound]))
  expect(await seriousFindings(me.page)).toEqual([])
})

test('the print page has a sheet for each station, in the offices’ layout', async () => {
  await me.go('/print')
  const sheet = me.page.locator('.sheet').first()
  await expect.poll(() => sheet.locator('thead').innerText()).toMatch(/日期\s+星期\s+时段\s+岗位\s+带班领导\s+值班人员\s+联系电话\s+备注/)
  await expect.poll(() => me.page.locator('.sheet').count()).toBeGreaterThan(30)
  await expect.poll(() => sheet.innerText()).toMatch(/\d{3}\*{4}\d{4}/)
})

test('nothing was refused, nothing was fetched from elsewhere', () => {
  expect(me.complaints).toEqual([])
})
