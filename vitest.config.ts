import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Pages answer late on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: 'engine', include: ['test/**/*.test.ts'], exclude: ['test/renderer/**'] } },
      {
        extends: true,
        test: {
          name: 'window',
          include: ['test/renderer/**/*.test.ts'],
          // A build machine that stands still for half a minute is no fault of a page: there a test is tried once more, and
          // the list of tests says so.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
})
