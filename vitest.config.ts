// Three projects: Node, Node with each file for itself, and workerd with a real local D1 and R2. test/features runs
// in Node and in workerd.
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** What changes the environment, and what puts others in the place of modules. */
const isolated = ['test/cli/**/*.test.ts', 'test/training/train.test.ts']

export default defineConfig({
  test: {
    // Many tests wait for processes of their own; one worker, as two cores would have, leaves a core idle.
    maxWorkers: 2,
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'node',
          globalSetup: ['test/features/provide-hash.ts'],
          include: ['test/**/*.test.ts'],
          exclude: [...isolated, 'test/functions/**', 'test/workerd/**'],
          testTimeout: 120_000,
          // What trains is imported once, and not once a file.
          isolate: false,
        },
      },
      {
        test: {
          name: 'isolated',
          include: isolated,
          testTimeout: 120_000,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: { MIGRATIONS: await readD1Migrations('migrations'), PREDICTION_LOG: 'off' },
            },
          })),
        ],
        test: {
          name: 'workers',
          globalSetup: ['test/features/provide-hash.ts', 'test/training/serve-golden.ts'],
          include: ['test/functions/**/*.test.ts', 'test/workerd/**/*.test.ts', 'test/features/**/*.test.ts'],
          testTimeout: 120_000,
          // The runtime's WebAssembly is imported once, and not once a file.
          isolate: false,
        },
      },
    ],
  },
})
