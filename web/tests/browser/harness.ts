/** Starts the binary on a temporary database and Chromium on it; what either complains about fails the test. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page, type Request } from 'playwright-core'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const BINARY = process.env.PAIBAN_BINARY ?? join(ROOT, 'target/debug/paiban')
const CHROMIUM = process.env.PAIBAN_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

/** A built app to show instead of the binary's own, while working on the app without building the binary each time. */
const DIST = process.env.PAIBAN_WEB_DIST

export type Api = <T>(path: string, init?: RequestInit & { json?: unknown }) => Promise<T>

export interface Server {
  url: string
  /** What `admin` signs in with at first; empty on an open server. */
  oneTimePassword: string
  api: Api
  /** The interface as somebody who has signed in. */
  as: (name: string, password: string) => Promise<Api>
  /** Changes the database past the program, for what would take hours to come about. */
  change: (sql: string) => void
  stop: () => Promise<void>
}

/** The binary on a database of its own, and a way to talk to it past the app; with `signIn` people must sign in. */
export async function startServer(options: { signIn?: boolean; args?: string[] } = {}): Promise<Server> {
  if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: build it first (cargo build)`)
  const folder = mkdtempSync(join(tmpdir(), 'paiban-web-'))
  const doors = options.signIn ? ['--sign-ins-per-minute', '500'] : ['--open']
  const child = spawn(BINARY, ['serve', '--database-url', `sqlite:${join(folder, 'web.db')}`, '--listen', '127.0.0.1:0', ...doors, ...(options.args ?? [])], { stdio: ['ignore', 'pipe', 'pipe'] })
  const { url, oneTimePassword } = await started(child)
  return {
    url,
    oneTimePassword,
    api: speak(url, {}),
    async as(name, password) {
      const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name, password }) })
      if (!answer.ok) throw new Error(`${name} cannot sign in: ${await answer.text()}`)
      const { csrfToken } = (await answer.json()) as { csrfToken: string }
      return speak(url, { cookie: answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; '), 'x-csrf-token': csrfToken })
    },
    change(sql) {
      execFileSync('sqlite3', ['-bail', '-cmd', '.timeout 20000', join(folder, 'web.db'), sql])
    },
    async stop() {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function speak(url: string, always: Record<string, string>): Api {
  return async (path, init = {}) => {
    const { json, headers, ...rest } = init
    const response = await fetch(url + path, {
      ...rest,
      headers: { ...always, ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...(headers as Record<string, string>) },
      ...(json === undefined ? {} : { method: rest.method ?? 'POST', body: JSON.stringify(json) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${rest.method ?? 'GET'} ${path}: ${response.status} ${text}`)
    return (text ? JSON.parse(text) : undefined) as never
  }
}

function started(child: ChildProcess): Promise<{ url: string; oneTimePassword: string }> {
  return new Promise((found, failed) => {
    let said = ''
    const listen = (piece: Buffer) => {
      said += piece.toString()
      const match = /listening on (http:\/\/\S+)/.exec(said)
      if (match?.[1]) found({ url: match[1], oneTimePassword: /one-time password (\S+)/.exec(said)?.[1] ?? '' })
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('exit', (code) => failed(new Error(`the binary ended with ${code}: ${said}`)))
  })
}

export async function startBrowser(): Promise<Browser> {
  if (!CHROMIUM) throw new Error('Chromium is missing: install Debian’s package chromium or set PAIBAN_CHROMIUM')
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'] })
}

export const DESKTOP = { width: 1440, height: 900 }
export const PHONE = { width: 360, height: 740 }

export interface Visitor {
  page: Page
  /** What the page complained about so far: errors, refused styles and scripts, requests to elsewhere. */
  complaints: string[]
  go: (path: string) => Promise<void>
  close: () => Promise<void>
}

/** A person with a browser of their own. */
export async function visit(browser: Browser, server: Server, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', ...options })
  if (DIST) await showInstead(context, server, DIST)
  const page = await context.newPage()
  page.setDefaultTimeout(Number(process.env.PAIBAN_PATIENCE_MS ?? 60_000))
  const complaints: string[] = []
  page.on('console', (message) => {
    // The browser logs each answer of 4xx on its own; whether the app expected it is for the test to say.
    if (message.type() === 'error' && !/the server responded with a status of 4\d\d/.test(message.text())) complaints.push(message.text())
    if (message.type() === 'warning' && /intlify|Vue warn/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  watchTraffic(page)
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) complaints.push(`asked elsewhere: ${request.url()}`)
  })
  page.on('dialog', (dialog) => void dialog.accept())
  return {
    page,
    complaints,
    go: async (path) => {
      await page.goto(server.url + path)
      await settled(page).catch((error: unknown) => {
        throw new Error(`${path} goes on loading`, { cause: error })
      })
    },
    close: () => context.close(),
  }
}

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8' }

/** Answers for the app's files from a folder, with the binary's own headers, above all its content security policy. */
async function showInstead(context: BrowserContext, server: Server, folder: string): Promise<void> {
  const { headers } = await fetch(`${server.url}/`, { headers: { accept: 'text/html' } })
  const policy = headers.get('content-security-policy') ?? ''
  await context.route(/^[^?#]*$|[?]/, async (route) => {
    const { pathname, origin } = new URL(route.request().url())
    if (origin !== server.url || /^\/(api\/|docs|openapi)/.test(pathname)) return route.fallback()
    const file = join(folder, pathname)
    const path = extname(pathname) && existsSync(file) ? file : join(folder, 'index.html')
    return route.fulfill({ body: readFileSync(path), contentType: TYPES[extname(path)] ?? 'application/octet-stream', headers: { 'content-security-policy': policy } })
  })
}

/** Requests under way of each page, without the stream of changes, which stays open. */
const traffic = new WeakMap<Page, { open: Set<Request>; since: number }>()
const QUIET_MS = 500

export function watchTraffic(page: Page): void {
  const now = { open: new Set<Request>(), since: Date.now() }
  traffic.set(page, now)
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/v1/changes') return
    now.open.add(request)
  })
  const end = (request: Request) => {
    if (now.open.delete(request)) now.since = Date.now()
  }
  page.on('requestfinished', end)
  page.on('requestfailed', end)
}

/** Nothing has been asked for half a second. */
export async function quiet(page: Page): Promise<void> {
  const now = traffic.get(page)
  if (!now) throw new Error('the page was not made by visit()')
  // A page that was left answers none of what it had asked.
  await page.waitForLoadState('load')
  const patience = Date.now() + Number(process.env.PAIBAN_PATIENCE_MS ?? 60_000)
  while (now.open.size > 0 || Date.now() - now.since < QUIET_MS) {
    if (Date.now() > patience) throw new Error(`still asking: ${[...now.open].map((one) => one.url()).join(' ')}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** The page shows data: nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await quiet(page)
  await page.waitForFunction(() => document.querySelector('#app > *') !== null && document.querySelector('.el-skeleton') === null)
}

interface Loaded {
  people: number
}

/** Loads the demo street and plans its week, past the app. */
export async function plannedStreet(server: Server, seconds = 6): Promise<{ id: string; week: string; unit: string }> {
  await server.api<Loaded>('/api/v1/demo-data', { json: { preset: 'street', seed: 7, weekStart: '2026-11-30' } })
  const streets = await server.api<{ items: { id: string }[] }>('/api/v1/units?level=street&limit=1')
  const unit = streets.items[0]?.id ?? ''
  const { id } = await server.api<{ id: string }>('/api/v1/schedules', { json: { unit, week: '2026-W49', timeLimitSeconds: seconds, threads: 1 } })
  await ended(server, id)
  return { id, week: '2026-W49', unit }
}

/** Waits until a schedule's run has ended, by its event stream. */
export async function ended(server: Server, id: string): Promise<void> {
  const response = await fetch(`${server.url}/api/v1/schedules/${id}/events`)
  if (response.status !== 410) await response.text()
}

export const PASSWORD = 'a sentence that is long'

/** An account with a password of its own, made by the administrator past the app. */
export async function account(server: Server, admin: Api, name: string, roles: { role: string; unit: string | null }[], person: string | null = null): Promise<void> {
  const made = await admin<{ oneTimePassword: string }>('/api/v1/accounts', { json: { name, grants: roles, person } })
  const own = await server.as(name, made.oneTimePassword)
  await own('/api/v1/me/password', { json: { current: made.oneTimePassword, new: PASSWORD } })
}

/** The administrator past the app, with the one-time password changed. */
export async function administrator(server: Server): Promise<Api> {
  const first = await server.as('admin', server.oneTimePassword)
  await first('/api/v1/me/password', { json: { current: server.oneTimePassword, new: PASSWORD } })
  return server.as('admin', PASSWORD)
}

/** Signs in on the page as it stands or on the start page. */
export async function signIn(visitor: Visitor, name: string, password = PASSWORD): Promise<void> {
  if (!visitor.page.url().includes('/sign-in')) await visitor.go('/')
  await visitor.page.getByLabel('用户名').fill(name)
  await visitor.page.getByLabel('密码', { exact: true }).fill(password)
  await visitor.page.getByRole('button', { name: '登录' }).click()
  await visitor.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await settled(visitor.page)
}

/** A day of the machine's calendar, counted from today where the stations are. */
export function dayFromToday(days: number): string {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The demo street in a week that began before today, so that a reception has taken place already. */
export async function streetOfLastWeek(api: Api): Promise<string> {
  const today = dayFromToday(0)
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay() || 7
  const week = dayFromToday(1 - weekday - 7)
  await api('/api/v1/demo-data', { json: { preset: 'street', seed: 7, weekStart: week } })
  const streets = await api<{ items: { id: string }[] }>('/api/v1/units?level=street&limit=1')
  return streets.items[0]?.id ?? ''
}
