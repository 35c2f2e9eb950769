import { describe, expect, it } from 'vitest';
import { countsOf, type Report } from './report.ts';

const test = (state: string, tags: string[] = [], declaredSkip = true) => ({
  name: `is ${state}`,
  state,
  tags,
  declaredSkip,
});
const report = (state: string, tests: ReturnType<typeof test>[], unhandledErrors = 0): Report => ({
  unhandledErrors,
  files: [{ file: 'a.e2e.ts', seconds: 2, state, tests }],
});

describe('a run of vitest', () => {
  it('counts what passed, failed and was skipped, and names what a skip needs', () => {
    expect(countsOf(report('failed', [test('passed'), test('failed'), test('skipped', ['needs:root'])]), 1)).toEqual({
      passed: 1,
      failed: 1,
      skips: [{ file: 'a.e2e.ts', name: 'is skipped', needs: ['root'] }],
      seconds: { 'a.e2e.ts': 2 },
    });
  });

  it.each([
    ['is a skip where its file passed', 'passed', 1],
    ['is none where a hook of its file failed', 'failed', 0],
  ])('a test that was passed over while its file ran %s', (_what, state, skips) => {
    expect(countsOf(report(state, [test('skipped', [], false)]), 1).skips).toHaveLength(skips);
  });

  it.each<[string, Report | undefined, number]>([
    ['that left no report', undefined, 0],
    ['whose file failed outside its tests', report('failed', [test('passed')]), 0],
    ['whose file has no test because it did not load', report('failed', []), 1],
    ['with an error that no test caught', report('passed', [test('passed')], 1), 1],
    ['that ended badly without a reason', report('passed', [test('passed')]), 1],
    ['that was broken off', report('pending', [test('pending')]), 0],
  ])('%s is a failure', (_what, given, exitCode) => {
    expect(countsOf(given, exitCode).failed).toBe(1);
  });
});
