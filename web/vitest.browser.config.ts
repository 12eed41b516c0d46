import { defineConfig } from 'vitest/config'

// Tests in a real browser against the real binary; one file after the other, for they share the machine's few cores.
export default defineConfig({
  test: {
    environment: 'node',
    include: [process.env.PAIBAN_SCREENSHOTS ? 'tests/browser/screenshots.ts' : 'tests/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
