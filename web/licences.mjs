// Fails when a package that the app ships or is built with is under a licence that is not permissive.
import { readFileSync } from 'node:fs'

const PERMISSIVE = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD', 'Zlib', 'Unlicense', 'CC0-1.0', 'BlueOak-1.0.0', 'Python-2.0', 'CC-BY-4.0', 'MIT-0'])
// Weak copyleft by file, used unchanged by the build or the tests and no part of what is shipped.
const TOOLS = new Map([
  ['axe-core', 'MPL-2.0'],
  ['lightningcss', 'MPL-2.0'],
])

const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url), 'utf8'))
const refused = []
for (const [path, { license = '', dev = false }] of Object.entries(packages)) {
  if (path === '') continue
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const tool = TOOLS.get(name.replace(/^(lightningcss)-.*/, '$1'))
  const choices = license.replace(/[()]/g, '').split(/ OR /)
  const permissive = choices.some((choice) => choice.split(/ AND /).every((one) => PERMISSIVE.has(one)))
  if (!permissive && !(dev && tool === license)) refused.push(`${name}: ${license || 'no licence named'}`)
}
if (refused.length > 0) {
  console.error(`licences: not permissive:\n${refused.join('\n')}`)
  process.exit(1)
}
