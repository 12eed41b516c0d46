/** axe-core in the page: findings that a user with a screen reader or low vision would stumble over. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Finding {
  id: string
  impact: string | null
  nodes: { target: unknown[]; failureSummary?: string }[]
}

/** Serious and critical findings by WCAG 2.1 A and AA, in words. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Evaluated through the debugger, which the content security policy does not bind.
  await page.evaluate(source)
  const found = await page.evaluate(async () => {
    // A change of the last moment has begun to show after two frames. What is still fading has colours of its own;
    // what turns for ever is not waited for.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    const passing = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
    await Promise.all(passing.map((one) => one.finished.catch(() => undefined)))
    const axe = (window as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: Finding[] }> } }).axe
    const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    return result.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical')
  })
  return (found as Finding[]).flatMap((one) => one.nodes.slice(0, 4).map((node) => `${one.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`))
}
