/** Every page at phone and desktop width, into the ignored folder `screenshots`; fails where something sticks out. */
import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { side, texts } from '../../src/i18n'
import { DESKTOP, PHONE, plannedStreet, quiet, startBrowser, startServer, visit, type Server } from './harness'

const OUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../screenshots')
let server: Server
let bare: Server
let browser: Browser
let plan = { id: '', week: '', unit: '' }
let second = ''
let person = ''
let matter = ''
let reception = ''
let doored: Server

beforeAll(async () => {
  mkdirSync(OUT, { recursive: true })
  ;[server, bare, doored, browser] = await Promise.all([startServer(), startServer(), startServer({ signIn: true }), startBrowser()])
  plan = await plannedStreet(server)
  const schedule = await server.api<{ version: number }>(`/api/v1/schedules/${plan.id}`)
  await server.api(`/api/v1/schedules/${plan.id}/publish`, { method: 'POST', headers: { 'if-match': `"${schedule.version}"` } })
  const again = await server.api<{ id: string }>('/api/v1/schedules', { json: { unit: plan.unit, week: plan.week, timeLimitSeconds: 3, threads: 1, seed: 2 } })
  second = again.id
  await (await fetch(`${server.url}/api/v1/schedules/${second}/events`)).text()
  const first = await server.api<{ items: { person: string }[] }>(`/api/v1/schedules/${plan.id}/assignments?limit=1`)
  person = first.items[0]?.person ?? ''
  const ids = async (list: string) => (await server.api<{ items: { id: string }[] }>(`/api/v1/${list}?limit=1`)).items[0]?.id ?? ''
  matter = await ids('cases')
  reception = await ids('receptions')
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([server?.stop(), bare?.stop(), doored?.stop()])
})

/** The app's own text of a key, in the language that is shown; without what is filled in. */
type Say = (key: string) => string

const sayIn = (index: 0 | 1): Say => (key) => {
  let found: unknown = side(texts, index)
  for (const step of key.split('.')) found = (found as Record<string, unknown>)[step]
  if (typeof found !== 'string') throw new Error(`there is no text ${key}`)
  return found.replace(/\{\w+\}/g, '').trim()
}

interface Shot {
  name: string
  path: () => string
  on?: () => Server
  then?: (page: Page, say: Say) => Promise<unknown>
}

const shots: Shot[] = [
  { name: 'welcome', path: () => '/welcome', on: () => bare },
  { name: 'board', path: () => '/board' },
  { name: 'board-people', path: () => '/board', then: (page, say) => page.getByRole('button', { name: say('board.byPerson'), exact: true }).first().click() },
  { name: 'board-drawer', path: () => '/board', then: (page) => page.locator('.level-short, .level-empty').and(page.locator('.in')).first().click() },
  { name: 'board-empty', path: () => '/board', then: (page, say) => page.getByRole('button', { name: say('scope.nextWeek') }).click() },
  { name: 'generate', path: () => '/board', then: (page, say) => page.getByRole('button', { name: say('board.generate') }).first().click() },
  { name: 'publish', path: () => `/plans/${second}`, then: (page, say) => page.getByRole('button', { name: say('plan.publish') }).click() },
  { name: 'plans', path: () => '/plans' },
  { name: 'plan', path: () => `/plans/${plan.id}` },
  { name: 'plan-course', path: () => `/plans/${plan.id}`, then: (page) => page.locator('#course').evaluate((one) => one.scrollIntoView()) },
  { name: 'compare', path: () => `/compare?a=${plan.id}&b=${second}` },
  { name: 'map', path: () => '/map' },
  { name: 'reports', path: () => '/reports' },
  { name: 'print', path: () => `/print?unit=${plan.unit}&week=${plan.week}` },
  { name: 'my-week-choose', path: () => '/my-week', then: async (page, say) => { await page.getByRole('textbox', { name: say('my.find') }).fill('张') } },
  { name: 'my-week', path: () => '/my-week', then: mine },
  { name: 'people', path: () => '/people' },
  { name: 'person', path: () => `/people/${person}` },
  { name: 'stations', path: () => '/stations' },
  { name: 'station-form', path: () => '/stations', then: (page) => page.locator('.stations button').first().click() },
  { name: 'demand', path: () => '/demand' },
  { name: 'demand-form', path: () => '/demand', then: (page) => page.locator('.link').first().click() },
  { name: 'lists', path: () => '/lists', then: (page, say) => page.getByRole('tab', { name: say('lists.contracts') }).click() },
  { name: 'calendars', path: () => '/calendars', then: (page) => page.locator('.month .marked').first().click() },
  { name: 'profiles', path: () => '/profiles' },
  { name: 'sign-in', path: () => '/board', on: () => doored },
  { name: 'cases', path: () => '/cases' },
  { name: 'case', path: () => `/cases/${matter}` },
  { name: 'case-move', path: () => `/cases/${matter}`, then: (page) => page.locator('section .el-button').first().click() },
  { name: 'case-new', path: () => '/cases/new' },
  { name: 'receptions', path: () => '/receptions' },
  { name: 'reception', path: () => `/receptions/${reception}` },
  { name: 'reception-form', path: () => '/receptions', then: (page, say) => page.getByRole('button', { name: say('receptions.add') }).first().click() },
  { name: 'notice', path: () => `/receptions/${reception}/notice` },
  { name: 'resources', path: () => '/resources' },
  { name: 'resource-book', path: () => '/resources', then: (page) => page.locator('.rows .link').nth(2).click() },
  { name: 'activities', path: () => '/activities' },
  { name: 'activity-form', path: () => '/activities', then: (page, say) => page.getByRole('button', { name: say('sharing.activities.add') }).first().click() },
  { name: 'needs', path: () => '/needs' },
  { name: 'fairness', path: () => '/reports', then: (page, say) => page.getByRole('region', { name: say('tables.reports.fairness') }).evaluate((one) => one.scrollIntoView()) },
  { name: 'hours', path: () => '/reports', then: (page, say) => page.getByRole('region', { name: say('tables.reports.hours') }).evaluate((one) => one.scrollIntoView()) },
  { name: 'rates', path: () => '/reports', then: (page, say) => page.getByRole('heading', { name: say('rates.title') }).scrollIntoViewIfNeeded() },
  { name: 'board-replace', path: () => `/board?plan=${second}`, then: async (page, say) => {
    await page.locator('.in .who').first().click()
    await page.locator('.el-drawer').getByRole('button', { name: say('adjust.replace') }).first().click()
    await page.locator('.effect').first().waitFor()
  } },
  { name: 'board-short', path: () => `/board?plan=${second}`, then: async (page, say) => {
    await page.getByRole('button', { name: say('board.shortPosts') }).click()
    await page.getByRole('button', { name: say('adjust.repairs') }).first().click()
    await page.locator('.repairs li, .repairs .soft').first().waitFor()
  } },
  { name: 'prices', path: () => '/profiles', then: async (page, say) => {
    await page.getByRole('button', { name: say('price.ask') }).click()
    await page.locator('.price').first().waitFor()
  } },
  { name: 'swaps', path: () => '/swaps', then: (page, say) => page.getByRole('tab', { name: say('desk.open') }).click() },
  { name: 'visits', path: () => '/visits' },
  { name: 'visit-form', path: () => '/visits', then: (page, say) => page.getByRole('button', { name: say('visit.add') }).first().click() },
  { name: 'loans', path: () => '/resources', then: async (page, say) => {
    await page.locator('.link').first().click()
    await page.getByRole('tab', { name: say('loan.title') }).click()
  } },
  { name: 'policies', path: () => '/policies' },
  { name: 'channels', path: () => '/channels' },
  { name: 'deliveries', path: () => '/deliveries' },
  { name: 'tables', path: () => '/tables' },
  { name: 'board-cases', path: () => `/board?plan=${second}`, then: async (page, say) => {
    await page.getByRole('button', { name: say('decision.title') }).click()
    await page.locator('.el-drawer li').first().waitFor()
  } },
  { name: 'board-version', path: () => '/board', then: (page, say) => page.getByRole('button', { name: say('version.make') }).click() },
  { name: 'what-if', path: () => '/profiles', then: async (page, say) => {
    await page.getByRole('spinbutton', { name: `S32 ${say('rules.weight')}` }).fill('9')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: say('whatIf.go') }).click()
    await page.locator('.el-dialog table').waitFor()
  } },
  { name: 'channel-form', path: () => '/channels', then: (page, say) => page.getByRole('button', { name: say('notice.add') }).first().click() },
  { name: 'accounts', path: () => '/accounts' },
  { name: 'account-form', path: () => '/accounts', then: (page, say) => page.getByRole('button', { name: say('accounts.add') }).first().click() },
  { name: 'keys', path: () => '/api-keys' },
  { name: 'audit', path: () => '/audit' },
  { name: 'help', path: () => '/help' },
  { name: 'missing', path: () => '/no/such/page' },
]

async function mine(page: Page, say: Say): Promise<void> {
  await page.evaluate((me) => localStorage.setItem('paiban.prefs', JSON.stringify({ ...JSON.parse(localStorage.getItem('paiban.prefs') ?? '{}'), me })), person)
  await page.reload()
  await page.getByText(say('my.only')).waitFor()
}

/** Elements that reach beyond the window to the right, unless a scrolling parent holds them. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth
    if (wide <= 0) return []
    return [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
      .slice(0, 5)
      .map((one) => `${one.tagName}.${one.className} +${Math.round(one.getBoundingClientRect().right - window.innerWidth)}`)
  })
}

const looks = process.env.PAIBAN_SCREENSHOTS === 'docs' ? [] : [
  { suffix: '1440', viewport: DESKTOP, language: 'zh-CN', look: 'light' },
  { suffix: '360', viewport: PHONE, language: 'zh-CN', look: 'light' },
  ...(process.env.PAIBAN_SCREENSHOTS === 'all'
    ? [
        { suffix: '1440-en-dark', viewport: DESKTOP, language: 'en', look: 'dark' },
        { suffix: '360-en', viewport: PHONE, language: 'en', look: 'light' },
      ]
    : []),
]

// The picture of the README; made again by PAIBAN_SCREENSHOTS=docs scripts/screenshots.sh.
test.runIf(process.env.PAIBAN_SCREENSHOTS === 'docs')('the README’s picture', async () => {
  const visitor = await visit(browser, server, { viewport: { width: 1440, height: 720 } })
  await visitor.go('/board')
  await visitor.page.screenshot({ path: resolve(OUT, '../docs/screenshot-board.png') })
  await visitor.close()
})

const wanted = (list: string | undefined, name: string) => !list || list.split(',').includes(name)

for (const { suffix, viewport, language, look } of looks.filter((one) => wanted(process.env.PAIBAN_LOOKS, one.suffix))) {
  test(`pages at ${suffix}`, async () => {
    const stuck: string[] = []
    for (const shot of shots.filter((one) => wanted(process.env.PAIBAN_PAGES, one.name))) {
      const at = shot.on?.() ?? server
      const visitor = await visit(browser, at, { viewport, locale: language })
      await visitor.page.addInitScript((prefs) => {
        if (!localStorage.getItem('paiban.prefs')) localStorage.setItem('paiban.prefs', prefs)
      }, JSON.stringify({ language, look }))
      await visitor.go(shot.path())
      await shot.then?.(visitor.page, sayIn(language === 'en' ? 1 : 0))
      await quiet(visitor.page)
      await visitor.page.waitForTimeout(350)
      await visitor.page.screenshot({ path: join(OUT, `${shot.name}-${suffix}.png`) })
      stuck.push(...(await overflow(visitor.page)).map((one) => `${shot.name}: ${one}`))
      stuck.push(...visitor.complaints.map((one) => `${shot.name}: ${one}`))
      const text = await visitor.page.locator('body').innerText()
      const key = /\b(board|run|plan|print|my|people|network|session|tables|version|decision|accounts|keys|audit|cases|channel|move|receptions|sharing|rates|role|demand|lists|contract|rules|calendar|reports|help|state|action|coverage|scope|adjust|price|whatIf|desk|notice|policy|visit|loan|level|kind|category|auditAction|auditKind)\.[a-z][A-Za-z0-9.]+/.exec(text)
      if (key) stuck.push(`${shot.name}: untranslated ${key[0]}`)
      await visitor.close()
    }
    expect(stuck).toEqual([])
  })
}
