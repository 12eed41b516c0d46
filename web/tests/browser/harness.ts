/** Starts the binary on a temporary database and Chromium on it; what either complains about fails the test. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const BINARY = process.env.PAIBAN_BINARY ?? join(ROOT, 'target/debug/paiban')
const CHROMIUM = process.env.PAIBAN_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

export interface Server {
  url: string
  api: <T>(path: string, init?: RequestInit & { json?: unknown }) => Promise<T>
  stop: () => Promise<void>
}

/** The binary on a database of its own, and a way to talk to it past the app. */
export async function startServer(): Promise<Server> {
  if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: build it first (cargo build)`)
  const folder = mkdtempSync(join(tmpdir(), 'paiban-web-'))
  const child = spawn(BINARY, ['serve', '--database-url', `sqlite:${join(folder, 'web.db')}`, '--listen', '127.0.0.1:0', '--open'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const url = await address(child)
  return {
    url,
    async api(path, init = {}) {
      const { json, ...rest } = init
      const response = await fetch(url + path, {
        ...rest,
        ...(json === undefined ? {} : { method: rest.method ?? 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json', ...(rest.headers as Record<string, string>) } }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${rest.method ?? 'GET'} ${path}: ${response.status} ${text}`)
      return (text ? JSON.parse(text) : undefined) as never
    },
    async stop() {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = ''
    const listen = (piece: Buffer) => {
      said += piece.toString()
      const match = /listening on (http:\/\/\S+)/.exec(said)
      if (match?.[1]) found(match[1])
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
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    // The browser logs each answer of 4xx on its own; whether the app expected it is for the test to say.
    if (message.type() === 'error' && !/the server responded with a status of 4\d\d/.test(message.text())) complaints.push(message.text())
    if (message.type() === 'warning' && /intlify|Vue warn/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) complaints.push(`asked elsewhere: ${request.url()}`)
  })
  page.on('dialog', (dialog) => void dialog.accept())
  return {
    page,
    complaints,
    go: async (path) => {
      await page.goto(server.url + path)
      await settled(page)
    },
    close: () => context.close(),
  }
}

/** The page shows data: nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
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
