import { defineConfig, mergeConfig } from 'vitest/config';
import real from './vitest.e2e.config.ts';

/** The same real parts for longer: what takes too long for every change. */
export default mergeConfig(
  { ...real, test: { ...real.test, include: [] } },
  defineConfig({ test: { include: ['e2e/nightly/**/*.nightly.ts'], testTimeout: 20 * 60_000, hookTimeout: 120_000 } }),
);
