/** The manager of a whole city, which has more stations than a page can show: sums by unit, and the way down to stations. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seriousFindings } from './axe'
import { PHONE, plannedStreet, settled, startBrowser, startServer, visit, type Server, type Visitor } from './harness'

const WEEK = '2026-W49'
let server: Server
let browser: Browser
let me: Visitor
let city = ''
let street = { id: '', name: '' }

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), startBrowser()])
  const plan = await plannedStreet(server)
  const { version } = await server.api<{ version: number }>(`/api/v1/schedules/${plan.id}`)
  await server.api(`/api/v1/schedules/${plan.id}/publish`, { method: 'POST', headers: { 'if-match': `"${version}"` } })
  city = (await server.api<{ items: { id: string }[] }>('/api/v1/units?level=city&limit=1')).items[0]!.id
  street = await server.api(`/api/v1/units/${plan.unit}`)
  const district = (await server.api<{ parent: string }>(`/api/v1/units/${plan.unit}`)).parent
  // A second street with so many stations that the city has more than a page shows.
  await server.api('/api/v1/units', { json: { id: `${district.slice(0, 6)}099000`, parent: district, level: 'street', name: '远山街道' } })
  server.change(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1600)
    INSERT INTO stations (id, unit, name, kind, latitude, longitude, always_open, version)
    SELECT 'far-' || i, '${district.slice(0, 6)}099000', '远站' || i, 'servicePoint', 43.95 + i / 100000.0, 125.3, 1, 1 FROM n`)
  me = await visit(browser, server)
  await me.go('/help')
  await me.page.evaluate((scope) => localStorage.setItem('paiban.scope', scope), JSON.stringify({ unit: city, week: WEEK }))
  await me.page.evaluate(() => sessionStorage.clear())
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

test('the heat map of a city sums up by unit and by street, and leads into a unit', async () => {
  const { page } = me
  await me.go('/reports')
  await page.getByText('站点很多，按单位汇总').first().waitFor()
  await page.getByText('按街道', { exact: true }).click()
  await settled(page)
  await page.getByText('以表格查看').click()
  const row = page.locator('details tr').filter({ hasText: street.name })
  await row.waitFor()
  // The same figures as those of the list of posts.
  const report = await server.api<{ total: { coverageRate: number } }>(`/api/v1/reports/coverage.json?unit=${street.id}&week=${WEEK}`)
  expect(report.total.coverageRate).toBeGreaterThan(0)
  await expect.poll(() => row.locator('td').allInnerTexts().then((cells) => cells.filter((cell) => /\d %/.test(cell)).length)).toBeGreaterThan(10)
  expect(await seriousFindings(page)).toEqual([])
  await row.getByRole('button', { name: street.name }).click()
  // The street has few enough stations to be shown with the people who serve there.
  await page.getByRole('heading', { name: '负荷分布' }).waitFor()
})

test('the map of a city shows its streets, and a street its stations', async () => {
  const { page } = me
  await page.evaluate((scope) => sessionStorage.setItem('paiban.scope', scope), JSON.stringify({ unit: city, week: WEEK }))
  await me.go('/map')
  await page.getByRole('img', { name: /个单位的分布图/ }).waitFor()
  await page.getByRole('heading', { name: /缺人的单位/ }).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.locator('.side').getByRole('button', { name: `看它的站点 ${street.name}` }).click()
  await page.getByRole('img', { name: /个站点的分布图/ }).waitFor()
})

test('the board of a city lists its districts and streets with their coverage, one step from each', async () => {
  const { page } = me
  for (const path of ['/board', `/print?unit=${city}&week=${WEEK}`]) {
    await page.evaluate((scope) => sessionStorage.setItem('paiban.scope', scope), JSON.stringify({ unit: city, week: WEEK }))
    await me.go(path)
    await page.getByRole('heading', { name: '先选一个单位' }).waitFor()
    await page.locator('.areas').getByText('按街道', { exact: true }).click()
    const row = page.locator('.areas').getByRole('button', { name: street.name })
    await row.getByText(/缺\d+人/).waitFor()
    expect(await row.innerText()).toMatch(/\d+ %/)
    expect(await seriousFindings(page)).toEqual([])
    await row.click()
    await page.locator(path === '/board' ? '.in .who' : '.sheet').first().waitFor()
  }
})

test('a plan of the unit above stays on the board when a unit below is chosen, and another week has its own', async () => {
  const { page } = me
  const { items } = await server.api<{ items: { id: string; unit: string }[] }>('/api/v1/schedules?status=published&limit=1')
  const plan = items[0]!
  const below = (await server.api<{ items: { id: string; name: string }[] }>(`/api/v1/units?parent=${plan.unit}&limit=1`)).items[0]!
  await page.evaluate((scope) => sessionStorage.setItem('paiban.scope', scope), JSON.stringify({ unit: plan.unit, week: WEEK }))
  await me.go(`/board?plan=${plan.id}`)
  await page.locator('.in .who').first().waitFor()
  await page.locator('.scope').getByRole('button').first().click()
  await page.getByRole('treeitem').or(page.getByRole('option')).or(page.getByRole('button')).filter({ hasText: below.name }).last().click()
  await page.getByRole('grid', { name: new RegExp(below.name) }).waitFor()
  expect(new URL(page.url()).searchParams.get('plan')).toBe(plan.id)
  await page.getByRole('button', { name: '下一周' }).click()
  await page.waitForURL((url) => !url.searchParams.has('plan'))
})

test('it fits a phone, in the dark and in English', async () => {
  const phone = await visit(browser, server, { viewport: PHONE, isMobile: true, hasTouch: true, colorScheme: 'dark' })
  await phone.go('/help')
  await phone.page.evaluate((scope) => {
    localStorage.setItem('paiban.scope', scope)
    localStorage.setItem('paiban.prefs', JSON.stringify({ look: 'dark', language: 'en' }))
    sessionStorage.clear()
  }, JSON.stringify({ unit: city, week: WEEK }))
  for (const path of ['/map', '/reports']) {
    await phone.go(path)
    await phone.page.getByText('summed up by unit').first().waitFor()
    expect(await seriousFindings(phone.page)).toEqual([])
    await expect.poll(() => phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  }
  await phone.page.evaluate((scope) => sessionStorage.setItem('paiban.scope', scope), JSON.stringify({ unit: city, week: WEEK }))
  await phone.go('/board')
  await phone.page.getByRole('heading', { name: 'Choose a unit first' }).waitFor()
  expect(await seriousFindings(phone.page)).toEqual([])
  await expect.poll(() => phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  expect([...me.complaints, ...phone.complaints]).toEqual([])
  await phone.close()
})
