// `npm run test:nightly`: the same faults as in `npm test`, many times over. Its last figures stand in docs/nightly.md.
import { runVitest } from './checks/vitest-run.ts';
import { unfairSkips } from './test/skips.ts';

const counts = await runVitest(
  'vitest.nightly.config.ts',
  process.argv.slice(2).filter((arg) => arg !== '--no-install'),
);
const unfair = unfairSkips(counts.skips);
for (const fault of unfair) console.error(`FAILED ${fault}`);
const [failed, skipped] = [counts.failed + unfair.length, counts.skips.length - unfair.length];
console.log(`\n${counts.passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
