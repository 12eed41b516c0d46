/**
 * How fast the board is, for docs/benchmarks.md. `npm run measure` loads the demo city into a temporary database, plans a
 * street of 41 stations there and shows its board; `PAIBAN_MEASURE=district` takes the smaller demo, and
 * `PAIBAN_MEASURE='URL UNIT WEEK'` a server that runs already and has the week.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { test } from 'vitest'
import { ended, quiet, startBrowser, startServer, watchTraffic, type Api } from './harness'

const [wanted = 'city', ...given] = (process.env.PAIBAN_MEASURE ?? '').split(' ')
const WEEK = '2026-W49'
const STATIONS = 41
const ROUNDS = Number(process.env.PAIBAN_MEASURE_ROUNDS ?? 5)

interface Place {
  url: string
  unit: string
  week: string
}
interface Frames {
  frames: number
  slow: number
  worst: number
  /** Processor time of the page's main thread for a frame, in ms. */
  mainThread: number
}
interface Round {
  interactiveMs: number
  mainThreadMs: number
  layoutMs: number
  requests: number
  kilobytes: number
  rows: number
  cellsDrawn: number
  nodes: number
  scroll: Frames
}

async function place(): Promise<Place & { stop?: () => Promise<void> }> {
  if (given.length > 0) return { url: wanted, unit: given[0] ?? '', week: given[1] ?? WEEK }
  const server = await startServer()
  const { api } = server
  await api('/api/v1/demo-data', { json: { preset: wanted, seed: 7, weekStart: '2026-11-30' } })
  const unit = await streetOf(api)
  const { id } = await api<{ id: string }>('/api/v1/schedules', { json: { unit, week: WEEK, timeLimitSeconds: 10, threads: 1 } })
  await ended(server, id)
  const { version } = await api<{ version: number }>(`/api/v1/schedules/${id}`)
  await api(`/api/v1/schedules/${id}/publish`, { method: 'POST', headers: { 'if-match': `"${version}"` } })
  return { url: server.url, unit, week: WEEK, stop: server.stop }
}

/** The first street of 41 stations, or the first of all when a demo has none. */
async function streetOf(api: Api): Promise<string> {
  const { items } = await api<{ items: { id: string }[] }>('/api/v1/units?level=street&limit=500')
  for (const { id } of items) {
    const stations = await api<{ items: unknown[] }>(`/api/v1/stations?unit=${id}&limit=500`)
    if (stations.items.length === STATIONS) return id
  }
  return items[0]?.id ?? ''
}

/** Seconds of the page's main thread, which remain comparable while other programs run. */
async function metrics(context: BrowserContext, page: Page) {
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    const at = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0
    return { task: at('TaskDuration') * 1000, layout: (at('LayoutDuration') + at('RecalcStyleDuration')) * 1000, nodes: at('Nodes') }
  }
}

async function round(browser: Browser, { url, unit, week }: Place): Promise<Round> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  watchTraffic(page)
  await page.addInitScript(([scope]) => localStorage.setItem('paiban.scope', scope ?? ''), [JSON.stringify({ unit, week })])
  await page.goto(`${url}/help`)
  await quiet(page)
  const read = await metrics(context, page)
  const started = Date.now()
  await page.goto(`${url}/board`)
  await page.locator('.gridrow .who').first().waitFor()
  await page.locator('[data-at="0:0"]').focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-at') === '0:1')
  const interactiveMs = Date.now() - started
  const { task, layout, nodes } = await read()
  await quiet(page)
  const before = await read()
  const shown = await page.evaluate(async () => {
    const box = document.querySelector('[role=grid]') as HTMLElement
    const asked = performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/')) as PerformanceResourceTiming[]
    const cellsDrawn = box.querySelectorAll('[role=gridcell]').length
    const times: number[] = []
    let before = performance.now()
    for (let frame = 0; frame < 120; frame++) {
      // Down to the end and up again, so that every frame moves.
      box.scrollTop += frame < 60 ? 40 : -40
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      times.push(now - before)
      before = now
    }
    return {
      rows: Number(box.getAttribute('aria-rowcount')) - 2,
      cellsDrawn,
      requests: asked.length,
      kilobytes: Math.round(asked.reduce((sum, one) => sum + one.decodedBodySize, 0) / 1024),
      scroll: { frames: times.length, slow: times.filter((one) => one > 34).length, worst: Math.round(Math.max(...times)) },
    }
  })
  const scrolled = (await read()).task - before.task
  await context.close()
  return { interactiveMs, mainThreadMs: Math.round(task), layoutMs: Math.round(layout), nodes, ...shown, scroll: { ...shown.scroll, mainThread: scrolled / shown.scroll.frames } }
}

test('the board', async () => {
  const there = await place()
  const browser = await startBrowser()
  const rounds: Round[] = []
  for (let at = 0; at < ROUNDS; at++) rounds.push(await round(browser, there))
  await browser.close()
  await there.stop?.()
  const spread = (value: (one: Round) => number) => {
    const list = rounds.map(value).sort((a, b) => a - b)
    return { median: list[Math.floor(list.length / 2)], worst: list.at(-1) }
  }
  const last = rounds.at(-1)
  console.log(
    JSON.stringify({
      data: given.length > 0 ? there.url : wanted,
      unit: there.unit,
      week: there.week,
      rounds: rounds.length,
      rows: last?.rows,
      cellsDrawn: last?.cellsDrawn,
      nodes: last?.nodes,
      requests: last?.requests,
      kilobytesOfData: last?.kilobytes,
      interactiveMs: spread((one) => one.interactiveMs),
      mainThreadMs: spread((one) => one.mainThreadMs),
      ofThatStyleAndLayoutMs: spread((one) => one.layoutMs),
      scrolling: { frames: last?.scroll.frames, above34Ms: spread((one) => one.scroll.slow), slowestMs: spread((one) => one.scroll.worst), mainThreadMsPerFrame: spread((one) => Math.round(one.scroll.mainThread * 10) / 10) },
    }, null, 1),
  )
})
