/** Managers, members and those who keep the data; conflicts, hostile names, size and speed. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriousFindings } from './axe'
import { dayFromToday, ended, PHONE, plannedStreet, settled, startBrowser, startServer, visit, type Server, type Visitor } from './harness'

const HOSTILE = '<img src=x onerror=alert(1)>"\'{{7*7}}${7}'
let server: Server
let browser: Browser
let plan = { id: '', week: '', unit: '' }
let busy = ''
/** Pages of records with script-like texts, once they are made. */
let hostile: string[] = []

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), startBrowser()])
  plan = await plannedStreet(server)
  const { version } = await server.api<{ version: number }>(`/api/v1/schedules/${plan.id}`)
  await server.api(`/api/v1/schedules/${plan.id}/publish`, { method: 'POST', headers: { 'if-match': `"${version}"` } })
  busy = (await server.api<{ items: { person: string }[] }>(`/api/v1/schedules/${plan.id}/assignments?limit=1`)).items[0]!.person
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function as(options = {}, work: (me: Visitor) => Promise<void>): Promise<void> {
  const me = await visit(browser, server, options)
  try {
    await work(me)
    expect(me.complaints).toEqual([])
  } finally {
    await me.close()
  }
}

async function select(page: Page, label: string, option: string): Promise<void> {
  // Opened by the keyboard: the placeholder lies over the field.
  await page.getByRole('combobox', { name: label }).press('Enter')
  await page.getByRole('option', { name: option }).filter({ visible: true }).click()
  await settled(page)
}

describe('a volunteer on a phone', () => {
  test('finds the own week and states availability', () =>
    as({ viewport: PHONE, hasTouch: true, isMobile: true }, async ({ page, go }) => {
      const person = await server.api<{ name: string }>(`/api/v1/people/${busy}`)
      await go('/my-week')
      await page.getByRole('textbox', { name: '输入姓名查找' }).fill(person.name)
      await page.getByRole('button', { name: person.name }).first().click()
      await page.getByText(/本周\d+个班次/).waitFor()
      await expect.poll(() => page.locator('.duty').count()).toBeGreaterThan(0)
      expect(await seriousFindings(page)).toEqual([])
      await page.getByRole('tab', { name: '我的可用时间' }).click()
      await page.getByRole('button', { name: '周三 上午: 未说明' }).click()
      await page.getByRole('button', { name: '周三 上午: 不能来' }).waitFor()
      const stated = await server.api<{ items: { weekday: number; kind: string }[] }>(`/api/v1/availability?person=${busy}&kind=unavailable`)
      expect(stated.items.some((one) => one.weekday === 3)).toBe(true)
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }))
})

describe('a manager', () => {
  test('reads who carried how much and which hours were served, over the weeks asked for', () =>
    as({}, async ({ page, go }) => {
      const report = <T>(name: string, weeks: number) => server.api<T>(`/api/v1/reports/${name}.json?unit=${plan.unit}&week=${plan.week}&weeks=${weeks}`)
      const fair = await report<{ people: number; from: string; rows: { name: string; minutes: number; balanceMinutes: number }[] }>('fairness', 8)
      const served = await report<{ total: { plannedDuties: number; plannedMinutes: number; servedDuties: number } }>('hours', 4)
      await go('/reports')
      const fairness = page.getByRole('region', { name: '班次均衡', exact: true })
      const hours = page.getByRole('region', { name: '服务时长', exact: true })
      const figure = (section: typeof hours, name: string) => section.locator('.figures > div').filter({ hasText: name }).locator('dd').innerText()
      await fairness.getByRole('table').waitFor()
      await expect.poll(() => figure(fairness, '人数')).toBe(String(fair.people))
      await expect.poll(() => fairness.innerText()).toContain(`${fair.from.slice(5)}至`)
      await expect.poll(() => fairness.getByRole('img', { name: '负荷分布：值班小时与人数' }).locator('canvas').count()).toBe(1)
      // Furthest above comparable people first.
      const furthest = Math.max(...fair.rows.map((one) => one.balanceMinutes))
      const top = await fairness.getByRole('table').getByRole('row').nth(1).getByRole('link').innerText()
      expect(fair.rows.filter((one) => one.balanceMinutes === furthest).map((one) => one.name)).toContain(top)
      await select(page, '班次均衡 类别', '两代表一委员')
      const others = () => fairness.getByRole('table').getByRole('row').allInnerTexts().then((rows) => rows.slice(1).filter((one) => !one.includes('两代表一委员')))
      await expect.poll(others).toEqual([])
      await select(page, '服务时长 周数', '截至所选周，共4周')
      await expect.poll(() => hours.getByRole('link', { name: '下载表格 服务时长' }).getAttribute('href')).toContain('weeks=4')
      await hours.getByRole('table').waitFor()
      await expect.poll(() => figure(hours, '安排班次')).toBe(String(served.total.plannedDuties))
      await expect.poll(() => figure(hours, '安排小时')).toBe(String(Math.round(served.total.plannedMinutes / 6) / 10))
      await expect.poll(() => figure(hours, '已签到签退')).toBe('0')
      const sheet = await page.context().request.get(new URL((await hours.getByRole('link', { name: '下载表格 服务时长' }).getAttribute('href')) ?? '', server.url).href)
      expect([sheet.status(), sheet.headers()['content-type']?.includes('spreadsheet')]).toEqual([200, true])
      expect(await seriousFindings(page)).toEqual([])
      // Weeks without a roster say what to do.
      await page.getByRole('button', { name: '下一周' }).click()
      await select(page, '服务时长 周数', '只看所选周')
      await hours.getByText('这些周没有生效的班表').waitFor()
      await hours.getByRole('link', { name: '方案' }).waitFor()
    }))

  test('changes a rule, keeps the draft over a reload, saves a version', () =>
    as({}, async ({ page, go }) => {
      await go('/profiles')
      await page.getByRole('spinbutton', { name: /^S32 权重/ }).fill('4')
      await page.keyboard.press('Tab')
      await page.getByText('1处修改未保存').waitFor()
      await page.reload()
      await page.getByText('已恢复上次未保存的修改').waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await page.getByRole('button', { name: '保存为新版本' }).click()
      const dialog = page.getByRole('dialog', { name: '保存为新版本' })
      await dialog.getByRole('textbox', { name: '为什么这样改' }).fill('路远的少排')
      await dialog.getByRole('button', { name: '保存' }).click()
      await page.locator('.page-head').getByText('第2版').waitFor()
      const profile = await server.api<{ rules: object }>('/api/v1/constraint-profiles/default')
      expect(profile.rules).toMatchObject({ S32: { weight: 4 } })
    }))

  test('finds a form that was not saved again after a reload, and can let it go', () =>
    as({}, async ({ page, go }) => {
      await go('/demand')
      const open = () => page.locator('.rows .link').first().click()
      await open()
      const name = page.getByRole('textbox', { name: '名称' })
      const before = await name.inputValue()
      await name.fill('还没保存')
      await page.reload()
      await settled(page)
      await open()
      await page.getByText('已恢复上次未保存的修改').waitFor()
      await expect.poll(() => name.inputValue()).toBe('还没保存')
      expect(await seriousFindings(page)).toEqual([])
      await page.getByRole('button', { name: '放弃修改' }).click()
      await expect.poll(() => name.inputValue()).toBe(before)
    }))

  test('who saves on an old version sees what changed and keeps both', () =>
    as({}, async ({ page, go }) => {
      await go('/profiles')
      await page.getByRole('spinbutton', { name: /^S33 权重/ }).fill('7')
      await page.keyboard.press('Tab')
      const now = await server.api<{ version: number; rules: object }>('/api/v1/constraint-profiles/default')
      await server.api('/api/v1/constraint-profiles/default/versions', { json: { rules: { ...now.rules, S30: { weight: 20 } } }, headers: { 'if-match': `"${now.version}"` } })
      await page.getByRole('button', { name: '保存为新版本' }).click()
      await page.getByRole('dialog', { name: '保存为新版本' }).getByRole('button', { name: '保存' }).click()
      const conflict = page.getByRole('dialog', { name: '别人刚刚改过' })
      await conflict.getByText('S30').waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await conflict.getByRole('button', { name: '在对方基础上保留我的修改' }).click()
      await conflict.waitFor({ state: 'hidden' })
      await expect.poll(async () => (await server.api<{ rules: object }>('/api/v1/constraint-profiles/default')).rules).toMatchObject({ S30: { weight: 20 }, S33: { weight: 7 } })
    }))
})

describe('who keeps the data', () => {
  test('corrects a person while somebody else does, and nothing is lost', () =>
    as({}, async ({ page, go }) => {
      await go(`/people/${busy}`)
      const before = await server.api<Record<string, unknown>>(`/api/v1/people/${busy}`)
      await page.getByRole('textbox', { name: '拼音排序' }).fill('zzz mine')
      await server.api(`/api/v1/people/${busy}`, { method: 'PUT', json: { ...before, newcomer: true }, headers: { 'if-match': `"${String(before.version)}"` } })
      await page.getByRole('button', { name: '保存' }).click()
      const conflict = page.getByRole('dialog', { name: '别人刚刚改过' })
      await conflict.getByText('新人').waitFor()
      await conflict.getByRole('button', { name: '在对方基础上保留我的修改' }).click()
      await expect.poll(() => server.api(`/api/v1/people/${busy}`)).toMatchObject({ sortKey: 'zzz mine', newcomer: true })
    }))

  test('adds a community and a station, and marks a holiday', () =>
    as({}, async ({ page, go }) => {
      await go('/stations')
      await page.getByRole('button', { name: '新建单位' }).click()
      const form = page.getByRole('dialog')
      await form.getByRole('textbox', { name: '名称' }).fill('向阳社区')
      await form.getByRole('textbox', { name: /代码/ }).fill('220105001099')
      await form.getByRole('button', { name: '保存' }).click()
      await page.getByRole('heading', { name: '向阳社区' }).waitFor()
      await page.getByRole('button', { name: '新建站点' }).first().click()
      await form.getByRole('textbox', { name: '名称' }).fill('向阳工作站')
      await form.getByRole('button', { name: '保存' }).click()
      await page.locator('.stations').getByText('向阳工作站').waitFor()
      await go('/calendars')
      await page.getByRole('button', { name: /^2026-12-09/ }).click()
      await page.getByRole('button', { name: '休息日', exact: true }).click()
      await page.getByRole('button', { name: '保存' }).click()
      await expect.poll(async () => (await server.api<{ days: { date: string; isOff: boolean }[] }>('/api/v1/calendars/2026')).days.find((one) => one.date === '2026-12-09')?.isOff).toBe(true)
    }))

  test('imports a statutory calendar from JSON and from iCalendar', () =>
    as({}, async ({ page, go }) => {
      await go('/calendars')
      const file = (name: string, text: string) => page.getByLabel('选择文件').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) })
      await file('坏的.json', '{"year": 2030')
      await page.getByRole('button', { name: '导入', exact: true }).click()
      await page.locator('.el-message--error').first().waitFor()
      await file('2030.json', JSON.stringify({ year: 2030, days: [{ date: '2030-10-01', isOffDay: true, name: '国庆节' }, { date: '2030-09-28', isOffDay: false, name: '国庆节补班' }] }))
      await page.getByRole('button', { name: '导入', exact: true }).click()
      await page.getByText('已导入2030年：休息日1天，补班日1天').waitFor()
      // The year that came in is the one on screen.
      await page.getByRole('button', { name: /^2030-10-01 .*国庆节/ }).waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await file('2031.ics', ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:1', 'DTSTART;VALUE=DATE:20310101', 'DTEND;VALUE=DATE:20310102', 'SUMMARY:元旦（休）', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n'))
      await page.getByText('国务院已公布').last().click()
      await page.getByRole('button', { name: '导入', exact: true }).click()
      await page.getByText(/已导入2031年/).waitFor()
      const years = await server.api<{ items: { year: number; published: boolean }[] }>('/api/v1/calendars?limit=100')
      expect(years.items.filter((one) => one.year >= 2030).map((one) => [one.year, one.published])).toEqual([[2030, true], [2031, false]])
    }))

  test('imports a table: wrong rows are named and nothing is stored, then it is mended', () =>
    as({}, async ({ page, go }) => {
      await go('/tables?kind=case-categories')
      const template = await page.context().request.get(`${server.url}/api/v1/templates/case-categories.xlsx`)
      expect(template.status()).toBe(200)
      const csv = (minutes: string) => ({ name: '类别.csv', mimeType: 'text/csv', buffer: Buffer.from(`分类编号,名称,技能,通常分钟,期限（工作日）\n,供暖维修,,${minutes},5\n`) })
      await page.getByLabel('选择填好的表格').setInputFiles(csv('很久'))
      await page.getByText(/\d处错误，什么都没有保存/).waitFor()
      await expect.poll(() => page.getByRole('row').nth(1).innerText()).toMatch(/2\s+通常分钟/)
      expect(await seriousFindings(page)).toEqual([])
      const marked = page.waitForEvent('download')
      await page.getByRole('button', { name: '下载标红的表格' }).click()
      expect((await marked).suggestedFilename()).toBe('case-categories-标红.xlsx')
      await page.getByLabel('选择填好的表格').setInputFiles(csv('60'))
      await page.getByText('检查通过，还没有保存').waitFor()
      await page.getByRole('button', { name: '保存导入' }).click()
      await page.getByText(/共1行：新增1，修改0，不变0/).waitFor()
      const stored = await server.api<{ items: { name: string; minutes: number }[] }>('/api/v1/case-categories?limit=200')
      expect(stored.items.find((one) => one.name === '供暖维修')?.minutes).toBe(60)
    }))

  test('a refusal of the server is shown in its own words', () =>
    as({}, async ({ page, go }) => {
      await go('/stations')
      await page.getByRole('button', { name: '新建单位' }).click()
      const form = page.getByRole('dialog')
      await form.getByRole('textbox', { name: '名称' }).fill('重复')
      await form.getByRole('textbox', { name: /代码/ }).fill(`${plan.unit.slice(0, 9)}001`)
      await form.getByRole('button', { name: '保存' }).click()
      await page.locator('.el-message--error').waitFor()
      await expect.poll(() => page.locator('.el-message--error').innerText()).toMatch(/编码已被使用/)
    }))
})

/** A small phone, a tablet, a desk, 4K. */
const WIDTHS = [360, 768, 1440, 3840]
const PATHS = ['/board', '/plans', '/map', '/reports', '/print', '/my-week', '/people', '/stations', '/demand', '/lists', '/calendars', '/profiles', '/cases', '/cases/new', '/receptions', '/resources', '/activities', '/needs', '/visits', '/swaps', '/policies', '/channels', '/deliveries', '/compare', '/tables', '/accounts', '/api-keys', '/audit', '/help', '/nowhere']

describe('every page', () => {
  test('has no serious finding of axe, light and dark, in both languages', () =>
    as({}, async ({ page, go }) => {
      const found: string[] = []
      for (const look of ['light', 'dark']) {
        await go('/help')
        await page.evaluate((prefs) => localStorage.setItem('paiban.prefs', prefs), JSON.stringify({ look, language: look === 'dark' ? 'en' : 'zh-CN', me: busy }))
        for (const path of [...PATHS, `/plans/${plan.id}`, `/people/${busy}`]) {
          await go(path)
          found.push(...(await seriousFindings(page)).map((one) => `${look} ${path} ${one}`))
        }
      }
      expect(found).toEqual([])
    }))

  test('fits from a phone of 360 pixels to 4K, in both languages', () =>
    as({}, async ({ page, go }) => {
      const wide: string[] = []
      for (const language of ['zh-CN', 'en']) {
        await go('/help')
        await page.evaluate((prefs) => localStorage.setItem('paiban.prefs', prefs), JSON.stringify({ language, me: busy }))
        for (const path of [...PATHS, `/plans/${plan.id}`, `/people/${busy}`]) {
          await page.setViewportSize({ width: WIDTHS[0] ?? 360, height: 740 })
          await go(path)
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: width > 2000 ? 2160 : 800 })
            // What follows the size of its box by script does so a frame later.
            const over = await page.evaluate(() => new Promise<number>((said) => requestAnimationFrame(() => requestAnimationFrame(() => said(document.documentElement.scrollWidth - window.innerWidth)))))
            if (over > 0) wide.push(`${language} ${path} at ${width}: ${over}`)
          }
        }
      }
      expect(wide).toEqual([])
    }))

  test('shows script-like names as text and runs none of it', async () => {
    const station = (await server.api<{ items: Record<string, unknown>[] }>(`/api/v1/stations?unit=${plan.unit}&limit=1`)).items[0]!
    const skill = (await server.api<{ items: Record<string, unknown>[] }>('/api/v1/skills?limit=1')).items[0]!
    const template = (await server.api<{ items: Record<string, unknown>[] }>(`/api/v1/demand-templates?station=${String(station.id)}&limit=1`)).items[0]!
    const person = await server.api<Record<string, unknown>>(`/api/v1/people/${busy}`)
    const unit = await server.api<Record<string, unknown>>(`/api/v1/units/${plan.unit}`)
    for (const [path, one] of [['stations', station], ['skills', skill], ['demand-templates', template], ['people', person], ['units', unit]] as const) {
      await server.api(`/api/v1/${path}/${String(one.id)}`, { method: 'PUT', json: { ...one, name: HOSTILE }, headers: { 'if-match': `"${String(one.version)}"` } })
    }
    const made = await hostileRecords()
    await server.api('/api/v1/availability', { json: { person: busy, kind: 'unavailable', fromDate: '2026-12-20', toDate: '2026-12-21', startMinute: 0, endMinute: 1440, weight: 1, reason: HOSTILE } })
    await as({}, async ({ page, go, complaints }) => {
      let seen = 0
      for (const path of [...PATHS, `/plans/${plan.id}`, `/people/${busy}`, ...made]) {
        await go(path)
        if ((await page.locator('body').innerText()).includes('<img src=x onerror')) seen += 1
        expect(await page.locator('img[src="x"]').count(), path).toBe(0)
      }
      expect(seen).toBeGreaterThan(18)
      expect(complaints).toEqual([])
    })
    hostile = made
  })

  test('shows them as text in drawers, dialogs and printed sheets too', () =>
    as({}, async ({ page, go, complaints }) => {
      const [matter = '', reception = '', , , announced = ''] = hostile
      const text = '<img src=x onerror'
      const named = (what: string) => page.locator(`main ${what}`).filter({ hasText: text }).first()
      const button = (name: string | RegExp) => page.getByRole('button', { name }).first()
      const openings: [string, () => Promise<unknown>][] = [
        ['/board', () => page.locator('.gridrow .in').filter({ has: page.locator('.who').filter({ hasText: text }) }).first().click()],
        ['/board', () => page.locator('.gridrow').filter({ hasText: text }).locator('.in .who').first().click()],
        ['/board', () => button('有变动，排出新版本').click().then(() => choose(page, '人员'))],
        [matter, () => page.locator('section .el-button').first().click()],
        [reception, () => button('修改').click()],
        [announced, () => button(/^预约 /).click().then(() => drop(page, '领域'))],
        ['/people', () => button('新增人员').click().then(() => page.getByRole('dialog').getByRole('button', { name: '+ 添加' }).click()).then(() => drop(page, '技能'))],
        ['/receptions', async () => {
          // All of them, not only those who are behind.
          await page.locator('main').getByText('只看落后的').click()
          await button(/^修改全年任务 <img/).click()
        }],
        ['/resources', () => named('.link').click().then(() => page.getByRole('tab', { name: '停用和恢复记录' }).click())],
        ['/resources', () => named('.link').click()],
        [`/activities?month=${nextWednesday().slice(0, 7)}`, async () => {
          if ((await named('button.line').count()) === 0) await button(/下个?月|下一月/).click()
          await named('button.line').click()
        }],
        ['/needs', () => named('button').click()],
        ['/visits', () => page.locator('main li').filter({ hasText: /走访户数 2(?!\d)/ }).locator('.link').first().click()],
        ['/stations', () => named('.stations button').click()],
        ['/stations', () => page.locator('main').getByRole('button', { name: '编辑' }).first().click()],
        ['/demand', () => named('.link').click()],
        ['/lists', () => page.locator('main li').filter({ hasText: text }).getByRole('button', { name: '编辑' }).first().click()],
        ['/channels', () => button(new RegExp('^发送记录 <img')).click()],
        ['/channels', () => button(new RegExp('^编辑 <img')).click()],
        ['/audit', () => page.getByRole('row').filter({ hasText: '人员' }).getByRole('button').first().click()],
      ]
      const silent: string[] = []
      for (const [at, [path, open]] of openings.entries()) {
        await go(path)
        await open()
        const dialog = page.getByRole('dialog').filter({ visible: true }).last()
        await dialog.waitFor()
        await settled(page)
        const said = `${await dialog.innerText()} ${(await dialog.locator('input, textarea').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))).join(' ')} ${await page.locator('[role=option]:visible').allInnerTexts()}`
        if (!said.includes(text)) silent.push(`${at} ${path}`)
        expect(await page.locator('img[src="x"]').count(), path).toBe(0)
      }
      expect(silent).toEqual([])
      // Who replaces somebody of such a name, on a draft of the same week.
      const draft = await server.api<{ id: string }>('/api/v1/schedules', { json: { unit: plan.unit, week: plan.week, timeLimitSeconds: 3, threads: 1 } })
      await ended(server, draft.id)
      await go(`/board?plan=${draft.id}`)
      await page.locator('.gridrow .in').filter({ has: page.locator('.who').filter({ hasText: text }) }).first().click()
      await page.locator('.el-drawer').getByRole('button', { name: /^换人 <img/ }).first().click()
      await page.locator('.effect, .el-dialog .soft').first().waitFor()
      await page.getByRole('dialog').filter({ hasText: text }).first().waitFor()
      expect(await page.locator('img[src="x"]').count()).toBe(0)
      // What the server itself prints.
      await page.goto(`${server.url}/api/v1/rosters/${plan.unit}/${plan.week}.html`)
      await expect.poll(() => page.locator('body').innerText()).toContain(text)
      expect(await page.locator('img[src="x"]').count()).toBe(0)
      expect(complaints).toEqual([])
    }))

  async function choose(page: Page, label: string): Promise<void> {
    await page.getByRole('dialog').filter({ visible: true }).last().getByRole('combobox', { name: label }).fill('<img')
    await page.getByRole('option').filter({ visible: true }).first().waitFor()
  }

  /** Lets a list of choices down, by the keyboard: the placeholder lies over the field. */
  async function drop(page: Page, label: string): Promise<void> {
    await page.getByRole('dialog').filter({ visible: true }).last().getByRole('combobox', { name: label }).last().press('Enter')
    await page.getByRole('option').filter({ visible: true }).first().waitFor()
  }

  /** Cases, notes and everything else that people type, with a name or a note that looks like a script. */
  async function hostileRecords(): Promise<string[]> {
    const { unit } = plan
    const day = nextWednesday()
    const make = <T>(path: string, json: object) => server.api<T>(`/api/v1/${path}`, { json })
    const { case: matter } = await make<{ case: { id: string; version: number } }>('cases', { unit, channel: 'hotline', subject: HOSTILE, description: HOSTILE, address: HOSTILE, resident: { name: HOSTILE } })
    const category = (await make<{ id: string }>('case-categories', { name: HOSTILE, minutes: 30, workingDays: 5 })).id
    const triaged = await server.api<{ version: number; legalMoves: string[] }>(`/api/v1/cases/${matter.id}/triage`, { json: { category, minutes: 60, urgency: 2, workingDays: 5 }, headers: { 'if-match': `"${matter.version}"` } })
    const onward = triaged.legalMoves.includes('escalate') ? 'escalate' : 'explain'
    await server.api(`/api/v1/cases/${matter.id}/${onward}`, { json: { reason: HOSTILE }, headers: { 'if-match': `"${triaged.version}"` } })
    const station = (await server.api<{ items: { id: string }[] }>(`/api/v1/stations?unit=${unit}&limit=1`)).items[0]!.id
    const venue = await make<{ id: string }>('resources', { kind: 'venue', baseKind: 'health', name: HOSTILE, unit, quantity: 1, capacity: 30, station })
    await make('bookings', { resource: venue.id, unit, date: day, startMinute: 540, endMinute: 600, quantity: 1, purpose: HOSTILE })
    await make('activities', { name: HOSTILE, baseKind: 'health', unit, venue: venue.id, date: day, startMinute: 840, endMinute: 960, participants: 10, minHeads: 1, targetHeads: 1, maxHeads: 2 })
    await make('needs', { unit, title: HOSTILE, description: HOSTILE, quantity: 1, status: 'open' })
    await make('projects', { unit, name: HOSTILE, status: 'planned', budgetYuan: 0 })
    const deputy = (await server.api<{ items: { id: string }[] }>(`/api/v1/people?unit=${unit}&category=deputy&limit=1`)).items[0]!.id
    await make('visits', { person: deputy, unit, date: day, startMinute: 540, endMinute: 660, households: 2, status: 'done', note: HOSTILE })
    const reception = await make<{ id: string }>('receptions', { title: HOSTILE, station, date: dayFromToday(21), startMinute: 540, endMinute: 660, slotMinutes: 20, deputies: [deputy] })
    const office = await hostilePeople(deputy)
    const open = await make<{ id: string; version: number }>('receptions', { title: HOSTILE, station, venue: venue.id, host: office, date: dayFromToday(14), startMinute: 540, endMinute: 600, slotMinutes: 20, deputies: [deputy] })
    await server.api(`/api/v1/receptions/${open.id}/announce`, { method: 'POST', headers: { 'if-match': `"${open.version}"` } })
    // A resource that comes and goes leaves its reasons behind.
    const spare = await make<{ id: string; version: number }>('resources', { kind: 'equipment', name: HOSTILE, unit, quantity: 1 })
    await server.api(`/api/v1/resources/${spare.id}/withdraw`, { json: { from: dayFromToday(1), to: dayFromToday(2), reason: HOSTILE }, headers: { 'if-match': `"${spare.version}"` } })
    await make('channels', { name: HOSTILE, kind: 'webhook', target: 'https://example.invalid/<script>', unit, enabled: false })
    return [`/cases/${matter.id}`, `/receptions/${reception.id}`, `/receptions/${reception.id}/notice`, `/compare?a=${plan.id}&b=${plan.id}`, `/receptions/${open.id}`]
  }

  /** A deputy of such a name, and somebody of the staff for a host. */
  async function hostilePeople(deputy: string): Promise<string> {
    const one = await server.api<Record<string, unknown>>(`/api/v1/people/${deputy}`)
    await server.api(`/api/v1/people/${deputy}`, { method: 'PUT', json: { ...one, name: HOSTILE }, headers: { 'if-match': `"${String(one.version)}"` } })
    return (await server.api<{ items: { id: string }[] }>(`/api/v1/people?unit=${plan.unit}&category=recruitedStaff&limit=1`)).items[0]!.id
  }

  test('says so when the server cannot be reached, and recovers', () =>
    as({}, async ({ page, go, complaints }) => {
      await go('/people')
      await page.context().setOffline(true)
      await page.getByRole('textbox', { name: '按姓名查找' }).fill('王')
      await page.getByText('连不上服务').waitFor()
      await page.context().setOffline(false)
      await page.getByRole('button', { name: '重试' }).click()
      await page.locator('.rows').getByText('王').first().waitFor()
      await page.route('**/api/v1/units**', (route) => route.abort())
      await page.reload()
      await page.getByText('连不上服务').waitFor()
      await page.unroute('**/api/v1/units**')
      await page.getByRole('button', { name: '重试' }).click()
      await page.getByRole('heading', { name: '人员' }).waitFor()
      // The browser itself logs each request that failed while offline.
      complaints.splice(0, complaints.length, ...complaints.filter((one) => !/ERR_(INTERNET_DISCONNECTED|FAILED)/.test(one)))
    }))

  test('opens the page that was asked for when one tries again before its code has arrived', () =>
    as({}, async ({ page, complaints }) => {
      let arrive = () => {}
      const arrived = new Promise<void>((done) => (arrive = done))
      await page.route('**/assets/PeoplePage-*.js', (route) => arrived.then(() => route.fallback()))
      await page.route('**/api/v1/units**', (route) => route.abort())
      await page.goto(`${server.url}/people?from=link`)
      await page.getByText('连不上服务').waitFor()
      await page.unroute('**/api/v1/units**')
      await page.getByRole('button', { name: '重试' }).click()
      // The frame stands, with nothing in it yet.
      await page.getByRole('navigation').first().waitFor()
      arrive()
      await page.getByRole('heading', { name: '人员' }).waitFor()
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/people?from=link')
      complaints.splice(0, complaints.length, ...complaints.filter((one) => !/ERR_FAILED/.test(one)))
    }))
})

describe('size and speed', () => {
  test('a first visit to the board loads at most 500 KB, compressed', () =>
    as({}, async ({ page, go }) => {
      const session = await page.context().newCDPSession(page)
      await session.send('Network.enable')
      const sizes = new Map<string, number>()
      const urls = new Map<string, string>()
      session.on('Network.responseReceived', (event) => urls.set(event.requestId, event.response.url))
      session.on('Network.loadingFinished', (event) => sizes.set(event.requestId, event.encodedDataLength))
      await go('/board')
      const app = [...sizes].filter(([id]) => !urls.get(id)?.includes('/api/')).reduce((sum, [, size]) => sum + size, 0)
      console.log(`first load of the app: ${Math.round(app / 1024)} KB compressed`)
      expect(app).toBeGreaterThan(50_000)
      expect(app).toBeLessThanOrEqual(500 * 1024)
    }))

  test('the board of a street draws only what is near, obeys keys, and says how long that took', () =>
    as({}, async ({ page, go }) => {
      await go('/help')
      const started = Date.now()
      await page.goto(`${server.url}/board`)
      await page.locator('.gridrow .who').first().waitFor()
      await page.locator('[data-at="0:0"]').focus()
      await page.keyboard.press('ArrowRight')
      await page.waitForFunction(() => document.activeElement?.getAttribute('data-at') === '0:1')
      console.log(`the board obeyed a key after ${Date.now() - started} ms`)
      const grid = page.getByRole('grid')
      const rows = Number(await grid.getAttribute('aria-rowcount')) - 2
      expect(rows).toBeGreaterThan(40)
      await expect.poll(() => grid.getByRole('gridcell').count()).toBeLessThan((rows * 21) / 2)
      const last = page.locator(`[data-at="${rows - 1}:0"]`)
      await expect.poll(() => last.count()).toBe(0)
      await grid.evaluate((box) => (box.scrollTop = box.scrollHeight))
      await last.waitFor()
    }))

  test('files of the app are cached for good, its start page never, and headers forbid the rest', async () => {
    const start = await fetch(`${server.url}/board`, { headers: { accept: 'text/html' } })
    const html = await start.text()
    expect(start.headers.get('cache-control')).toBe('no-cache')
    const policy = start.headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('unsafe')
    expect(policy).toContain("default-src 'none'")
    expect(start.headers.get('x-content-type-options')).toBe('nosniff')
    expect(html).not.toMatch(/<script(?![^>]*src=)|style=|https?:\/\//)
    const asset = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? ''
    const script = await fetch(server.url + asset, { headers: { 'accept-encoding': 'gzip' } })
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect(script.headers.get('content-encoding')).toBe('gzip')
    const again = await fetch(`${server.url}/`, { headers: { 'if-none-match': start.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
    const gone = await fetch(`${server.url}/assets/gone.js`, { headers: { accept: 'text/html' } })
    expect(gone.status).toBe(404)
  })

  test('a reload of any page stays on it', () =>
    as({}, async ({ page, go }) => {
      await go(`/plans/${plan.id}`)
      await page.reload()
      await settled(page)
      expect(new URL(page.url()).pathname).toBe(`/plans/${plan.id}`)
    }))
})

/** A working day to come, whatever the day. */
function nextWednesday(): string {
  const weekday = new Date(`${dayFromToday(0)}T00:00:00Z`).getUTCDay()
  return dayFromToday((3 - weekday + 7) % 7 || 7)
}
