import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

/** Builds a page of the tests into `folder`, as the window's own page is built. It is never part of the product. */
export async function buildTestPage(folder: string, page = new URL('page', import.meta.url)): Promise<void> {
  await build({
    configFile: false,
    root: fileURLToPath(page),
    plugins: [react()],
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'chrome120',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4000,
    },
  })
}
