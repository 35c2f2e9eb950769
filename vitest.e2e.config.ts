import { defineConfig } from 'vitest/config';
import { files } from './e2e/files.ts';
import { factTags } from './tools/test/facts.ts';

const alone = Object.keys(files).filter((file) => files[file]!.alone !== undefined);

/** Tests with the real parts: two files at a time, each with a cluster of its own; those that need the machine for themselves come last. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    setupFiles: ['tools/test/no-warnings.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    tags: factTags(),
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ['e2e/**/*.e2e.ts'],
          exclude: alone,
          maxWorkers: 2,
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
