import { defineConfig } from 'vitest/config';
import { factTags } from './tools/test/facts.ts';

/** The same real parts as in vitest.e2e.config.ts for longer: what takes too long for every change. One file at a time. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    setupFiles: ['tools/test/no-warnings.ts'],
    include: ['e2e/nightly/**/*.nightly.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 20 * 60_000,
    hookTimeout: 120_000,
    tags: factTags(),
  },
});
