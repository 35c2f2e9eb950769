import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@kubernest/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ClusterDir, type ClusterFacts } from './cluster-dir.ts';
import { choiceFile, keepChoice } from './engine.ts';
import { claimToRemove, stopperOf } from './holders.ts';
import { SlowSteps } from './slow-steps.ts';
import { type Stopped, whileStopped } from './stop-cluster.ts';
import { takeFolder } from './take-folder.ts';

const facts: ClusterFacts = { format: 1, name: 'mine', index: 1, apiPort: 1, kubeletPort: 2, store: 'sqlite' };
const ctx = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
let machine: string;
let dir: ClusterDir;
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'kubernest-stop-'));
  dir = new ClusterDir('mine', join(machine, 'data'));
});
afterEach(() => rmSync(machine, { recursive: true }));

async function stopped(then: (found: Stopped) => Promise<void> = async () => {}): Promise<Stopped> {
  let told: Stopped | undefined;
  const act = (found: Stopped): Promise<void> => {
    told = found;
    return then(found);
  };
  await whileStopped(dir, new SlowSteps(() => {}, ctx.clock), { ctx, act });
  return told!;
}

/** Of a cluster that was cut short, whose pods another's engine holds. */
function begin(runtime: 'docker' | 'hollow'): void {
  takeFolder(dir);
  dir.save({ ...facts, runtime });
  mkdirSync(dir.in('agent'));
  writeFileSync(dir.agentKubeconfig(), '');
  keepChoice(dir, { socket: join(machine, 'gone.sock'), own: false });
}

it('nobody else starts or removes a cluster while it is stopped, and anybody may afterwards, whatever came of it', async () => {
  begin('hollow');
  await stopped(async () => {
    expect(await claimToRemove(dir)).toBeUndefined();
    expect(existsSync(dir.pidFile('down'))).toBe(true);
  });
  await expect(stopped(() => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
  expect([existsSync(dir.pidFile('down')), stopperOf(dir)]).toEqual([false, undefined]);
  const letGo = await claimToRemove(dir);
  expect(letGo).toBeDefined();
  await letGo!();
});

it('what the node made and cannot be taken back is told, and what is needed to try again stays', async () => {
  begin('docker');
  // There is no agent beside the source of the command.
  expect((await stopped()).fault).toMatch(
    /^what the node made on this machine is not all taken back: .*Cannot find module .*Repeat it with: .* down .*first remove .*engine-choice\.json$/,
  );
  expect(existsSync(choiceFile(dir))).toBe(true);
});

it('simulated nodes make nothing that would have to be taken back', async () => {
  begin('hollow');
  expect(await stopped()).toEqual({ facts: { ...facts, runtime: 'hollow' }, hasRun: false, fault: undefined });
  expect(existsSync(choiceFile(dir))).toBe(false);
});

it('where there is no cluster nothing is made', async () => {
  expect(await stopped()).toMatchObject({ facts: undefined, hasRun: false });
  expect(existsSync(dir.path)).toBe(false);
});

it.each([
  ['another cluster’s', { ...facts, name: 'theirs' }, 'belongs to the cluster "theirs"'],
  ['a newer version’s', { ...facts, format: 99 }, 'written by a newer Kubernest'],
  ['damaged', { ...facts, apiPort: 'none' }, 'nothing of cluster "mine" runs any more, but '],
])('facts that are %s are told of', async (_, read, words) => {
  takeFolder(dir);
  writeFileSync(dir.in('cluster.json'), JSON.stringify(read));
  await expect(stopped(() => expect.unreachable())).rejects.toThrow(words);
});
