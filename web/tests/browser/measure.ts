/** How fast the board is, for docs/benchmarks.md: `PAIBAN_MEASURE='URL UNIT WEEK' npm run measure`, against a server that has the week. */
import { test } from 'vitest'
import { startBrowser } from './harness'

const [url = 'http://127.0.0.1:8080', unit = '', week = ''] = (process.env.PAIBAN_MEASURE ?? '').split(' ')

interface Frames {
  frames: number
  slow: number
  worst: number
}

test('the board', async () => {
  const browser = await startBrowser()
  const interactive: number[] = []
  const processor: number[] = []
  let last: { cells: number; rows: number; frames: Frames } | null = null
  for (let round = 0; round < 3; round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.addInitScript(([scope]) => localStorage.setItem('paiban.scope', scope ?? ''), [JSON.stringify({ unit, week })])
    await page.goto(`${url}/help`, { waitUntil: 'networkidle' })
    // Processor time of the page's main thread: what remains comparable while other programs run.
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const started = Date.now()
    await page.goto(`${url}/board`)
    await page.locator('.gridrow .who').first().waitFor()
    await page.locator('[data-at="0:0"]').focus()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-at') === '0:1')
    interactive.push(Date.now() - started)
    const { metrics } = await session.send('Performance.getMetrics')
    processor.push(metrics.find((one) => one.name === 'TaskDuration')?.value ?? 0)
    last = await page.evaluate(async () => {
      const box = document.querySelector('[role=grid]') as HTMLElement
      const times: number[] = []
      let before = performance.now()
      for (let frame = 0; frame < 120; frame++) {
        box.scrollTop += 40
        await new Promise(requestAnimationFrame)
        const now = performance.now()
        times.push(now - before)
        before = now
      }
      return {
        rows: Number(box.getAttribute('aria-rowcount')) - 2,
        cells: box.querySelectorAll('[role=gridcell]').length,
        frames: { frames: times.length, slow: times.filter((one) => one > 34).length, worst: Math.round(Math.max(...times)) },
      }
    })
    await context.close()
  }
  await browser.close()
  for (const list of [interactive, processor]) list.sort((a, b) => a - b)
  console.log(JSON.stringify({ unit, week, rows: last?.rows, cellsDrawn: last?.cells, interactiveMs: { median: interactive[1], worst: interactive[2] }, mainThreadSeconds: processor[1], scrolling: last?.frames }))
})
