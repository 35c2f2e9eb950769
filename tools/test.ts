// `npm test`: every check, every fast spec, and the tests with the real Docker Engine, etcd, kubectl and Chromium.
import { budgetOf, whole } from '../e2e/files.ts';
import { runChecks } from './checks/checks.ts';
import { runVitest } from './checks/vitest-run.ts';
import { budgetFaults } from './test/budgets.ts';
import { unfairSkips } from './test/skips.ts';
import { measureSpeed } from './test/speed.ts';

const args = process.argv.slice(2).filter((arg) => arg !== '--no-install');
const begun = performance.now();
using speed = measureSpeed();
const checked = await runChecks();
const specs = await runVitest('vitest.config.ts');
const real = await runVitest('vitest.e2e.config.ts', args);

const took = (performance.now() - begun) / 1000;
const taken = Object.entries(real.seconds).map(([file, seconds]) => ({ what: file, seconds, budget: budgetOf(file) }));
const asWhole = { what: 'npm test as a whole', seconds: took, budget: whole.budget };
// A name pattern skips whatever it does not fit.
const isPart = args.some((arg) => /^(-t|--testNamePattern)/.test(arg));
const skips = isPart ? [] : [...specs.skips, ...real.skips];
const unfair = unfairSkips(skips);
const faults = [...unfair, ...budgetFaults([...taken, asWhole], speed.slowness())];
for (const fault of faults) console.error(`FAILED ${fault}`);
const passed = checked.filter((c) => c.passed).length + specs.passed + real.passed;
const failed = checked.filter((c) => !c.passed).length + specs.failed + real.failed + faults.length;
const skipped = skips.length - unfair.length;
console.log(
  `\nnpm test took ${took.toFixed(0)} s on a machine ${speed.slowness().toFixed(1)} times as slow as the reference, ${(took / speed.slowness()).toFixed(0)} s there; ${whole.aim} s are aimed at`,
);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
