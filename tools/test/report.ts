import { needsOf } from './facts.ts';
import type { Skip } from './skips.ts';

/** What the reporter tells of one run of vitest. */
export interface Report {
  readonly unhandledErrors: number;
  readonly files: readonly {
    readonly file: string;
    /** Wall clock, from when a worker took it to its last hook. */
    readonly seconds: number;
    readonly state: string;
    readonly tests: readonly {
      readonly name: string;
      readonly state: string;
      readonly tags: readonly string[];
      /** Before the run, by the file itself; else the test was passed over while it ran. */
      readonly declaredSkip: boolean;
    }[];
  }[];
}

/** What became of one run, as `npm test` counts it. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skips: readonly Skip[];
  readonly seconds: Readonly<Record<string, number>>;
}

/** No report means that vitest died: a failure. */
export function countsOf(report: Report | undefined, exitCode: number): Counts {
  if (!report) return { passed: 0, failed: 1, skips: [], seconds: {} };
  const tests = report.files.flatMap(({ file, state, tests }) =>
    tests.map((test) => ({ file, fileFailed: state === 'failed', ...test })),
  );
  const withState = (...states: string[]) => tests.filter((test) => states.includes(test.state));
  // A file that failed outside its tests: at import, in a hook.
  const brokenFiles = report.files.filter(
    ({ state, tests }) => state === 'failed' && tests.every((test) => test.state !== 'failed'),
  ).length;
  // What was never run to an end, as a run that was broken off leaves it, is no pass.
  const failed = withState('failed', 'pending').length + brokenFiles + report.unhandledErrors;
  return {
    passed: withState('passed').length,
    // A run that failed without naming anything is a failure too.
    failed: exitCode !== 0 && failed === 0 ? 1 : failed,
    // What a hook that failed kept from running is told of by that failure, and is no skip.
    skips: withState('skipped')
      .filter(({ fileFailed, declaredSkip }) => declaredSkip || !fileFailed)
      .map(({ file, name, tags }) => ({ file, name, needs: needsOf(tags) })),
    seconds: Object.fromEntries(report.files.map(({ file, seconds }) => [file, seconds])),
  };
}
