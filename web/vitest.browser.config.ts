import { defineConfig } from 'vitest/config'

const only = process.env.PAIBAN_SCREENSHOTS ? 'tests/browser/screenshots.ts' : process.env.PAIBAN_MEASURE ? 'tests/browser/measure.ts' : undefined

// Tests in a real browser against the real binary; one file after the other, for they share the machine's few cores.
export default defineConfig({
  test: {
    environment: 'node',
    include: [only ?? 'tests/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // A page answers a click when its requests are through: what it shows is asked for until it does.
    expect: { poll: { timeout: 20_000 } },
  },
})
