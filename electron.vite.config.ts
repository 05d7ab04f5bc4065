import { existsSync } from 'node:fs'
import { defineConfig } from 'electron-vite'

/** Programs of the Node side: the command line and the children it starts. */
const programs: Record<string, string> = {
  cli: 'main/cli/index.ts',
  'run-process': 'main/engine/runs/run-process.ts',
  'worker-process': 'main/engine/runs/worker-process.ts',
  'describe-process': 'main/engine/catalog/describe-process.ts',
  'verify-process': 'main/engine/raster/verify-process.ts',
}

export default defineConfig({
  main: {
    build: {
      target: 'node20',
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        // An object: an array makes rolldown stop with "specifiers must be a non-empty string".
        input: Object.fromEntries(Object.entries(programs).filter(([, file]) => existsSync(file))),
        output: {
          entryFileNames: '[name].js',
          // Beside the programs, not in a folder: `import.meta.url` then lies two levels below the repository
          // everywhere, as it does in main/<room>/.
          chunkFileNames: 'shared-[name]-[hash].js',
        },
      },
    },
  },
})
