// `npm run verify`: what must hold before a commit. Types, lint, arrows, dead code, and every fast spec.
import { runChecks } from './checks/checks.ts';
import { runVitest } from './checks/vitest-run.ts';

const checked = await runChecks();
const specs = await runVitest('vitest.config.ts');
process.exitCode = checked.every((c) => c.passed) && specs.failed === 0 ? 0 : 1;
