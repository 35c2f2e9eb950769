// `npm test`: every check, every fast spec, and the tests with the real Docker Engine, etcd, kubectl and Chromium.
import { runChecks } from './checks/checks.ts';
import { type Counts, runVitest } from './checks/vitest-run.ts';

/** The only reasons for which a test may skip where CI runs: what the product itself never needs. */
const maySkip = /\b(go|maven|java)\b/i;

const checked = await runChecks();
const specs = await runVitest('vitest.config.ts');
const real = await runVitest(
  'vitest.e2e.config.ts',
  process.argv.slice(2).filter((arg) => arg !== '--no-install'),
);

const sum = (of: (counts: Counts) => number): number => of(specs) + of(real);
const forbidden = process.env['CI']
  ? [...specs.skippedNames, ...real.skippedNames].filter((name) => !maySkip.test(name))
  : [];
for (const name of forbidden) console.error(`skipped, but should have run here: ${name}`);
const passed = checked.filter((c) => c.passed).length + sum((c) => c.passed);
const failed = checked.filter((c) => !c.passed).length + sum((c) => c.failed) + forbidden.length;
const skipped = sum((c) => c.skipped) - forbidden.length;
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
