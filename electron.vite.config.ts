import { readdirSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/** Programs of the Node side: the command line, the desktop, and every `<name>-process.ts` that is started as a child. */
function programs(): Record<string, string> {
  const children = ['main/engine', 'main/server'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('-process.ts'))
      .map((file) => [file.replace(/^.*\/|\.ts$/g, ''), `${room}/${file}`]),
  )
  return { cli: 'main/cli/index.ts', index: 'main/desktop/index.ts', ...Object.fromEntries(children) }
}

export default defineConfig({
  main: {
    build: {
      target: 'node20',
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        // An object: an array makes rolldown stop with "specifiers must be a non-empty string".
        input: programs(),
        output: {
          entryFileNames: '[name].js',
          // Beside the programs, not in a folder: `import.meta.url` then lies two levels below the repository
          // everywhere, as it does in main/<room>/.
          chunkFileNames: 'shared-[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: { index: 'preload/index.ts' },
        // A sandboxed preload is one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      target: 'chrome120',
      // Fonts and small pictures stay files: the policy of the page allows no data: addresses for code.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: { index: 'renderer/index.html' } },
    },
  },
})
