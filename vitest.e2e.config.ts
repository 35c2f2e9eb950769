import { defineConfig } from 'vitest/config';
import { files } from './e2e/files.ts';
import { factTags } from './tools/test/facts.ts';
import { LongestFirst } from './tools/test/longest-first.ts';

const alone = Object.keys(files).filter((file) => files[file]!.alone !== undefined);

/** Tests with the real parts: three files at a time, each with a cluster of its own; those that need the machine for themselves come last. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    setupFiles: ['tools/test/no-warnings.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    tags: factTags(),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ['e2e/**/*.e2e.ts'],
          exclude: alone,
          // More than the processors of the machine that the budgets are for: each file waits half of its time, for containers, leases and periods.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, maxWorkers: 1, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
