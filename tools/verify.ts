// `npm run verify`: what must hold before a commit. Types, lint, arrows, dead code, and every fast spec.
import { runChecks } from './checks/checks.ts';
import { runVitest } from './checks/vitest-run.ts';
import { unfairSkips } from './test/skips.ts';

const checked = await runChecks();
const specs = await runVitest('vitest.config.ts');
const unfair = unfairSkips(specs.skips);
for (const fault of unfair) console.error(`FAILED ${fault}`);
process.exitCode = checked.every((c) => c.passed) && specs.failed + unfair.length === 0 ? 0 : 1;
