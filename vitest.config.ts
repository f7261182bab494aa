import { defineConfig } from 'vitest/config';

// .ci/run names a file here, from which it counts the tests of every run.
const results = process.env.VITEST_RESULTS;

export default defineConfig({
  test: {
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**', 'test/live/**'],
          pool: 'threads',
          // Most test files spend their time waiting for deadlines and children.
          maxWorkers: 2,
          testTimeout: 40_000,
          hookTimeout: 40_000,
        },
      },
      {
        test: {
          // Real components run one file at a time, because they share the host's tables, ports and engine.
          name: 'real',
          include: ['test/real/**/*.test.ts', 'test/live/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
