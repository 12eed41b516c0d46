/** Signing in on a server that asks for it: first start, roles, sessions that end, accounts, keys and the audit trail. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seriousFindings } from './axe'
import { account, PASSWORD, PHONE, settled, signIn, startBrowser, startServer, visit, type Api, type Server, type Visitor } from './harness'

let server: Server
let browser: Browser
let me: Visitor
let admin: Api
let street = ''

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ signIn: true }), startBrowser()])
  me = await visit(browser, server)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})
const at = () => new URL(me.page.url()).pathname

test('nobody gets in without signing in, and a wrong password says so', async () => {
  await me.go('/accounts')
  expect(at()).toBe('/sign-in')
  expect(await seriousFindings(me.page)).toEqual([])
  await me.page.getByLabel('用户名').fill('admin')
  await me.page.getByLabel('密码', { exact: true }).fill('not this one')
  await me.page.getByRole('button', { name: '登录' }).click()
  await me.page.getByRole('alert').getByText('用户名或密码不对').waitFor()
  expect(at()).toBe('/sign-in')
})

test('the first sign-in leads to a password of one’s own, then to where one wanted to go', async () => {
  await signIn(me, 'admin', server.oneTimePassword)
  expect(at()).toBe('/password')
  // Nothing else opens before.
  await me.go('/audit')
  expect(at()).toBe('/password')
  await me.page.getByLabel('现在的密码').fill(server.oneTimePassword)
  await me.page.getByLabel('新密码', { exact: true }).fill('short')
  await me.page.getByText('还差5个字符').waitFor()
  await expect.poll(() => me.page.getByRole('button', { name: '修改密码' }).isDisabled()).toBe(true)
  await me.page.getByLabel('新密码', { exact: true }).fill(PASSWORD)
  await me.page.getByLabel('再输入一次新密码').fill('something else')
  await me.page.getByText('两次输入的新密码不一样').waitFor()
  expect(await seriousFindings(me.page)).toEqual([])
  await me.page.getByLabel('再输入一次新密码').fill(PASSWORD)
  await me.page.getByRole('button', { name: '修改密码' }).click()
  await me.page.getByRole('heading', { name: '操作记录' }).waitFor()
  expect(at()).toBe('/audit')
  // Before the password was changed there was nothing to listen to, which is no lost connection.
  expect(await me.page.getByText('连接中断').count()).toBe(0)
})

test('changes carry the token of the session: the guided start loads the demo', async () => {
  await me.go('/')
  await me.page.getByRole('button', { name: '载入示范数据' }).click()
  await me.page.getByRole('heading', { name: '周班表' }).waitFor()
  admin = await server.as('admin', PASSWORD)
  street = (await admin<{ items: { id: string }[] }>('/api/v1/units?level=street&limit=1')).items[0]!.id
})

test('the administrator adds an account; its one-time password shows once', async () => {
  await me.page.getByRole('link', { name: '账号与角色' }).click()
  await me.page.getByRole('button', { name: '新增账号' }).first().click()
  const form = me.page.getByRole('dialog', { name: '新增账号' })
  await form.getByLabel('用户名').fill('lin')
  await form.getByRole('button', { name: '保存' }).click()
  const shown = me.page.getByRole('dialog', { name: 'lin的一次性密码' })
  await shown.waitFor()
  const secret = (await shown.locator('code').innerText()).trim()
  expect(secret).toMatch(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){3}$/)
  expect(await seriousFindings(me.page)).toEqual([])
  await shown.getByRole('button', { name: '已经记下' }).click()
  const row = me.page.locator('.rows .item').filter({ hasText: 'lin' })
  await row.getByText('未改一次性密码').waitFor()
  const found = await admin<{ items: { name: string; grants: { role: string; unit: string }[] }[] }>('/api/v1/accounts?name=lin')
  expect(found.items[0]?.grants).toEqual([{ role: 'coordinator', unit: street }])

  const lin = await visit(browser, server)
  await signIn(lin, 'lin', secret)
  expect(new URL(lin.page.url()).pathname).toBe('/password')
  await lin.close()
})

test('who changes an account on an old version sees what changed', async () => {
  await me.page.getByRole('button', { name: 'lin', exact: true }).click()
  const form = me.page.getByRole('dialog', { name: 'lin' })
  await form.getByRole('button', { name: '再加一个角色' }).click()
  const one = (await admin<{ items: { id: string; name: string; version: number; grants: unknown }[] }>('/api/v1/accounts?name=lin')).items[0]!
  await admin(`/api/v1/accounts/${one.id}`, { method: 'PUT', json: { name: 'lin', grants: one.grants, disabled: true }, headers: { 'if-match': `"${one.version}"` } })
  await form.getByRole('button', { name: '保存' }).click()
  const conflict = me.page.getByRole('dialog', { name: '别人刚刚改过' })
  await conflict.getByText('停用').waitFor()
  await conflict.getByRole('button', { name: '在对方基础上保留我的修改' }).click()
  await me.page.locator('.rows .item').filter({ hasText: 'lin' }).getByText('已停用').waitFor()
  const now = (await admin<{ items: { disabled: boolean; grants: unknown[] }[] }>('/api/v1/accounts?name=lin')).items[0]!
  expect(now.disabled).toBe(true)
  expect(now.grants).toHaveLength(2)
})

test('the audit trail tells who did what, is searched, checked and exported', async () => {
  await me.page.getByRole('link', { name: '操作记录' }).click()
  await me.page.getByRole('textbox', { name: '对象类型' }).fill('账号')
  const first = me.page.locator('.rows .item').first()
  await first.getByText('修改 · 账号').waitFor()
  await first.getByRole('button').click()
  const details = me.page.getByRole('dialog', { name: /^记录\d+/ })
  await details.getByRole('rowheader', { name: 'grants' }).waitFor()
  expect(await seriousFindings(me.page)).toEqual([])
  await me.page.keyboard.press('Escape')
  await me.page.getByRole('button', { name: '检查链条' }).click()
  await me.page.getByText(/链条完整：\d+条记录/).waitFor()
  const download = me.page.waitForEvent('download')
  await me.page.getByRole('link', { name: /^导出/ }).click()
  expect((await download).suggestedFilename()).toBe('audit.ndjson')
})

test('a key is made, shown once, and revoked', async () => {
  await me.page.getByRole('link', { name: '接口密钥' }).click()
  await me.page.getByText('还没有密钥').waitFor()
  await me.page.getByRole('button', { name: '新建密钥' }).first().click()
  const dialog = me.page.getByRole('dialog', { name: '新建密钥' })
  await dialog.getByLabel('用途').fill('公开网站')
  await dialog.getByRole('button', { name: '新建' }).click()
  const shown = me.page.getByRole('dialog', { name: '新密钥' })
  const key = (await shown.locator('code').innerText()).trim()
  const asked = () => fetch(`${server.url}/api/v1/units?limit=1`, { headers: { authorization: `Bearer ${key}` } })
  expect((await asked()).status).toBe(200)
  await shown.getByRole('button', { name: '已经记下' }).click()
  await me.page.getByRole('button', { name: '吊销' }).click()
  await me.page.getByRole('cell', { name: '已吊销' }).waitFor()
  expect((await asked()).status).toBe(401)
})

test('a session that ends leads to signing in, and back to the same page', async () => {
  await me.go('/people')
  await me.page.context().clearCookies()
  await me.page.getByRole('textbox', { name: '按姓名查找' }).fill('王')
  await me.page.getByText('登录已失效').waitFor()
  expect(at()).toBe('/sign-in')
  await signIn(me, 'admin')
  expect(at()).toBe('/people')
  await me.page.getByRole('heading', { name: '人员' }).waitFor()
})

test('a token that another window renewed is asked for again, and the change goes through', async () => {
  await me.go('/lists')
  // The same cookie jar signs in again elsewhere: this window's token is void.
  await me.page.evaluate(async (password) => {
    await fetch('/api/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'admin', password }) })
  }, PASSWORD)
  await me.page.getByRole('button', { name: '新建技能' }).first().click()
  await me.page.getByRole('dialog').getByLabel('名称').fill('手语')
  await me.page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await me.page.locator('li').getByText('手语').waitFor()
})

test('roles decide which pages there are, and others say why not', async () => {
  const person = (await admin<{ items: { id: string }[] }>('/api/v1/people?category=volunteer&limit=1')).items[0]!.id
  await account(server, admin, 'member-1', [{ role: 'member', unit: street }], person)
  await account(server, admin, 'officer-1', [{ role: 'informationOfficer', unit: street }])
  const member = await visit(browser, server, { viewport: PHONE, isMobile: true, hasTouch: true })
  await signIn(member, 'member-1')
  expect(new URL(member.page.url()).pathname).toBe('/my-week')
  await member.page.getByText('我是').waitFor()
  const bar = member.page.getByRole('navigation', { name: '常用页面' })
  await expect.poll(() => bar.getByRole('link').allInnerTexts()).toEqual(['我的一周', '诉求', '接待'])
  expect(await seriousFindings(member.page)).toEqual([])
  await member.go('/board')
  await member.page.getByText('您的角色不能使用这个页面').waitFor()
  await member.page.getByText('值班人员').waitFor()
  await member.page.getByRole('link', { name: '回到首页' }).click()
  await member.page.getByRole('heading', { name: '我的一周' }).waitFor()
  expect(member.complaints).toEqual([])
  await member.close()

  const officer = await visit(browser, server, { viewport: PHONE, isMobile: true, hasTouch: true })
  await signIn(officer, 'officer-1')
  expect(new URL(officer.page.url()).pathname).toBe('/cases/new')
  await officer.close()
})

test('signing out closes everything', async () => {
  await me.page.getByRole('button', { name: '账号：admin' }).click()
  await me.page.getByRole('button', { name: '退出登录' }).click()
  await me.page.getByRole('button', { name: '登录' }).waitFor()
  await me.go('/board')
  expect(at()).toBe('/sign-in')
  await settled(me.page)
  expect(await me.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(/token|csrf|password/i)
  expect(me.complaints).toEqual([])
})
