import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { kubectl } from '../commands/kubectl.command.ts';
import { ClusterDir } from './cluster-dir.ts';
import { recordOf, recordProcess } from './process-file.ts';
import { runningCluster } from './running-cluster.ts';

const facts = { format: 1, name: 'lab', index: 3, apiPort: 6443, kubeletPort: 10250, store: 'sqlite' };
let dir: ClusterDir;
beforeEach(() => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kubernest-running-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  dir = new ClusterDir('lab', dataDir);
  mkdirSync(dir.in('run'));
  dir.save(facts);
});
const options = () => ({ name: 'lab', dataDir: dir.path });
const stopped = /^cluster "lab" is stopped; start it with: \S*kubernest up --name lab --data-dir /;

it('one of which nothing runs is stopped, and the line that starts it is named', () => {
  expect(() => runningCluster(options())).toThrow(stopped);
});

it.each(['up', 'api'])('one whose %s runs has an API to ask', (name) => {
  recordProcess(dir.pidFile(name), recordOf(process.pid));
  expect(runningCluster(options())).toMatchObject({ facts });
});

it('kubectl has nobody to ask in one that is stopped', async () => {
  const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
  const line = { options: options(), args: ['get', 'pods'], isGiven: () => false };
  await expect(kubectl.run(line, ctx)).rejects.toThrow(stopped);
});
