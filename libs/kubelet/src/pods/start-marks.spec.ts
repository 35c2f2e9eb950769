import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@kubernest/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StartMarks, SuspectStart } from './start-marks.ts';

let dir: string;
let path: string;
let clock: FakeClock;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'start-marks-'));
  path = join(dir, 'containers/a/starting');
  clock = new FakeClock();
});
afterEach(() => rmSync(dir, { recursive: true }));

const started = (marks: StartMarks): Promise<string> => marks.during(path, async () => 'started', { clock });
/** An agent of which nothing is heard again once it has begun. */
function endsMeanwhile(marks: StartMarks): Promise<void> {
  return new Promise((begun) => {
    void marks.during(path, () => new Promise<never>(() => begun()), { clock });
  });
}

it('is noted while it is done, and no longer, whatever comes of it', async () => {
  const marks = new StartMarks();
  await marks.during(path, async () => expect(existsSync(path)).toBe(true), { clock });
  expect(existsSync(path)).toBe(false);
  await expect(marks.during(path, () => Promise.reject(new Error('no')), { clock })).rejects.toThrow('no');
  expect(existsSync(path)).toBe(false);
  expect(await started(marks)).toBe('started');
});

it('waits longer each time an agent ended over it, and is as new once it was started', async () => {
  for (const seconds of [0, 10, 20, 40, 80, 160, 300, 300]) {
    const agent = new StartMarks();
    if (seconds > 0) {
      await expect(started(agent)).rejects.toThrow(`it is tried again after ${seconds} s`);
      clock.advance(seconds * 1000 - 1);
      await expect(started(agent)).rejects.toThrow(SuspectStart);
      clock.advance(1);
    }
    await endsMeanwhile(agent);
  }
  const agent = new StartMarks();
  await expect(started(agent)).rejects.toThrow('ended 8 times');
  clock.advance(300_000);
  expect(await started(agent)).toBe('started');
  expect(await started(new StartMarks())).toBe('started');
});

it('a note that was cut off counts', async () => {
  await endsMeanwhile(new StartMarks());
  writeFileSync(path, '');
  await expect(started(new StartMarks())).rejects.toThrow('ended once');
});
