import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Puts a compressed twin beside each file that shrinks: the binary serves it to browsers and compresses nothing itself. */
function twins(): Plugin {
  return {
    name: 'gzip-twins',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg|json)$/.test(name)) continue
        const path = join(dir, name)
        const plain = readFileSync(path)
        const small = gzipSync(plain, { level: 9 })
        if (small.length < plain.length * 0.9) writeFileSync(`${path}.gz`, small)
      }
    },
  }
}

// The app is served by the binary at the root of the same origin as the API; nothing is loaded from elsewhere.
export default defineConfig({
  plugins: [
    vue(),
    Components({ dirs: [], dts: 'element.d.ts', resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
    twins(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    // Inlined assets would be data: URLs, which the content security policy allows for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/openapi.json': 'http://127.0.0.1:8080' } },
  test: { environment: 'happy-dom', include: ['tests/unit/**/*.test.ts'] },
})
