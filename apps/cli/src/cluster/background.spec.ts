import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@kubernest/kit';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../command/command.ts';
import { startInBackground } from './background.ts';
import { ClusterDir } from './cluster-dir.ts';
import { recordOf, recordProcess } from './process-file.ts';

let dir: ClusterDir;
let controller: AbortController;
beforeEach(() => {
  dir = new ClusterDir('mine', join(mkdtempSync(join(tmpdir(), 'kubernest-background-')), 'data'));
  controller = new AbortController();
  mkdirSync(dir.in('run'), { recursive: true });
});
afterEach(() => rmSync(join(dir.path, '..'), { recursive: true }));

/** Resolves with what it says. One that is to `heed` is told to end as soon as it says something. */
async function started(program: string, args: readonly string[] = []): Promise<readonly string[]> {
  const main = dir.in('main.mjs');
  writeFileSync(main, program);
  const said: string[] = [];
  const say = (line: string): void => {
    said.push(line);
    if (args.includes('heed')) controller.abort(new Error('enough'));
  };
  const ctx = { signal: controller.signal, clock: systemClock, log: silentLogger };
  await startInBackground({ dir, args: [main, ...args], say }, ctx);
  return said;
}

it('a start in the background runs with the arguments that it is given and no others, until it is ready', async () => {
  const said = started(
    'process.send({ said: process.argv.slice(2).join() }, () => process.send({}, () => process.disconnect()));',
    ['up', '--name=mine'],
  );
  expect(await said).toEqual(['up,--name=mine']);
});

it.each([
  ['why, when it tells', 'process.send({ failed: "no room" });', /^no room$/],
  ['how it ended, when it does not', 'process.exit(7);', /did not come up: exit code 7$/],
  [
    'that it was told to end, by somebody else',
    'process.exit(130);',
    /did not come up: it was told to stop by another command$/,
  ],
  ['what killed it', 'process.kill(process.pid, "SIGKILL");', /did not come up: SIGKILL$/],
])('one that fails says %s', async (_what, program, words) => {
  await expect(started(`${program}`)).rejects.toThrow(words);
});

it('of one that somebody stops, no log is named: it may be gone in a moment', async () => {
  dir.save({ format: 1, name: 'mine', index: 1, apiPort: 1, kubeletPort: 2, store: 'sqlite' });
  await expect(started('process.exit(7);')).rejects.toThrow(/exit code 7; see .*up\.log$/);
  await expect(started('process.exit(130);')).rejects.toThrow(/it was told to stop by another command$/);
  const stopper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  onTestFinished(() => void stopper.kill());
  recordProcess(dir.pidFile('down'), recordOf(stopper.pid!));
  await expect(started('process.kill(process.pid, "SIGKILL");')).rejects.toThrow(
    /it was told to stop by another command$/,
  );
});

it.each([
  [1, false],
  [2, true],
])('one that ends with %i for what it told is as wrong here as there', async (code, isUsage) => {
  const program = `process.send({ failed: 'no such range' }, () => process.exit(${code}));`;
  const failed = await started(program).catch((error: unknown) => error);
  expect([failed instanceof UsageError, String(failed)]).toEqual([isUsage, 'Error: no such range']);
});

it('one that is told to end is waited for', async () => {
  const program = `import { writeFileSync } from 'node:fs';
process.once('SIGTERM', () => { writeFileSync(${JSON.stringify(dir.in('ended'))}, 'yes'); process.exit(); });
process.on('message', () => {});
process.send({ said: 'begun' });`;
  await expect(started(program, ['heed'])).rejects.toThrow('enough');
  expect(readFileSync(dir.in('ended'), 'utf8')).toBe('yes');
});
