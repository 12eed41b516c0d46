import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { i18n, side, texts, type Texts } from '@/i18n'
import { pages } from '@/pages'

const SOURCES = resolve(__dirname, '../../src')
const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(vue|ts)$/.test(name) && !name.includes('i18n') && !name.endsWith('.d.ts'))

function keys(tree: Texts, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => (Array.isArray(value) ? [prefix + key] : keys(value as Texts, `${prefix}${key}.`)))
}
const known = new Set(keys(texts))

test('every key that the sources name has a text', () => {
  const missing: string[] = []
  for (const name of sources) {
    const source = readFileSync(join(SOURCES, name), 'utf8')
    for (const [, key] of source.matchAll(/\bt\('([\w.-]+)'/g)) if (key && !known.has(key)) missing.push(`${name}: ${key}`)
    // Keys made of parts: the fixed part must lead somewhere.
    for (const [, part] of source.matchAll(/\bt\(`([\w.-]+)\$\{/g)) {
      if (part && ![...known].some((key) => key.startsWith(part))) missing.push(`${name}: ${part}…`)
    }
  }
  expect(missing).toEqual([])
})

test('both languages say something, with the same places to fill in', () => {
  const walk = (tree: Texts): void => {
    for (const [key, value] of Object.entries(tree)) {
      if (!Array.isArray(value)) walk(value as Texts)
      else {
        const [zh, en] = value as [string, string]
        expect(zh.trim() && en.trim(), key).toBeTruthy()
        const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()
        expect(places(zh), `${key}: ${zh}`).toEqual(places(en))
      }
    }
  }
  walk(texts)
  expect(Object.keys(side(texts, 0))).toEqual(Object.keys(side(texts, 1)))
})

test('every page has a title in both languages', () => {
  for (const page of pages) {
    expect(known.has(`page.${page.name}`), page.name).toBe(true)
    expect(known.has(`bar.${page.name}`), page.name).toBe(page.bar !== undefined)
  }
  i18n.global.locale.value = 'en'
  expect(i18n.global.t('coverage.missing', { n: 3 })).toBe('3 missing')
  i18n.global.locale.value = 'zh-CN'
  expect(i18n.global.t('coverage.missing', { n: 3 })).toBe('缺3人')
})
