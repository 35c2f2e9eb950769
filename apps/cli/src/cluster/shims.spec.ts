import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';
import { endHalfStarted, endShims } from './shims.ts';

let home: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'shims-spec-'));
  // What stands for a container's process: it waits for input that never comes.
  for (const name of ['init', 'app']) writeFileSync(join(home, name), 'read line');
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

/** A process that looks like a shim, with one child. */
async function shim(dir: ClusterDir, [name, argument]: readonly [string, string]): Promise<ChildProcess> {
  const options = JSON.stringify({ argv0: name, cwd: home });
  const script = `require('node:child_process').spawn('/bin/sh', ['${argument}'], ${options}).on('spawn', () => console.log('up'))`;
  const socket = dir.in('docker', 'exec/containerd/containerd.sock');
  const child = spawn(process.execPath, ['-e', script, '--', '-address', socket], {
    argv0: 'containerd-shim-runc-v2',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  await once(child.stdout!, 'data');
  return child;
}

it('shims end with what they hold: the half-started when an engine is to start again, all when their cluster stops', async () => {
  const [ours, others] = ['ours', 'others'].map((name) => new ClusterDir(name, join(home, name)));
  const half = await shim(ours!, ['runc', 'init']);
  const whole = await shim(ours!, ['sh', 'app']);
  const foreign = await shim(others!, ['runc', 'init']);
  const ended = once(half, 'exit');
  endHalfStarted(ours!);
  await ended;
  expect([whole.exitCode, whole.signalCode]).toEqual([null, null]);
  const stopped = once(whole, 'exit');
  endShims(ours!);
  await stopped;
  expect([foreign.exitCode, foreign.signalCode]).toEqual([null, null]);
});
