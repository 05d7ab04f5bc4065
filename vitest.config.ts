import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Pages answer late on a busy machine.
    expect: { poll: { timeout: 20_000 } },
  },
})
