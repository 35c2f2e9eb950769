// `npm run test:nightly`: the same faults as in `npm test`, many times over. Its last figures stand in docs/nightly.md.
import { runVitest } from './checks/vitest-run.ts';

const counts = await runVitest(
  'vitest.nightly.config.ts',
  process.argv.slice(2).filter((arg) => arg !== '--no-install'),
);
console.log(
  `\n${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
);
process.exitCode = counts.failed === 0 ? 0 : 1;
