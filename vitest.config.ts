import { defineConfig } from 'vitest/config';
import { factTags } from './tools/test/facts.ts';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    setupFiles: ['tools/test/no-warnings.ts'],
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'tools/**/*.spec.ts', 'bench/**/*.spec.ts'],
    pool: 'threads',
    maxWorkers: 2,
    tags: factTags(),
    // Nothing asserts a time: on a busy machine a spec is slow, not wrong.
    testTimeout: 60_000,
  },
});
