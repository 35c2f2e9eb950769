import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ceiling } from '../ceiling/ceiling.ts';
import { interleave } from '../rounds.ts';
import type { LoneMeasurement, Row, Run } from '../row.ts';
import { spawnApi } from '../subject/api-process.ts';
import { startEtcd } from '../subject/etcd-process.ts';
import { HttpsClient } from '../subject/https.ts';

/** Asks every few milliseconds until the answer is 200; nobody listening yet is no answer. */
async function firstSuccess(port: number, path: string): Promise<void> {
  using client = new HttpsClient(port, {}, 1);
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    const status = await client.send('GET', path).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await sleep(3);
  }
  throw new Error(`${path} gave no 200 within thirty seconds`);
}

/** From the spawn of a process, with nothing in its data directory, to the first 200 of /readyz. */
async function apiReady(run: Run, dir: string): Promise<number> {
  mkdirSync(dir);
  const etcd = run.store === 'etcd' ? await startEtcd(join(dir, 'etcd')) : undefined;
  await using _member = etcd?.child;
  const begun = performance.now();
  const api = await spawnApi({ dist: run.dist, dir, etcd: etcd?.url });
  await using _api = api.child;
  await firstSuccess(api.port, '/readyz');
  return performance.now() - begun;
}

async function bareReady(identity: { readonly cert: string; readonly key: string }): Promise<number> {
  const begun = performance.now();
  await using bare = await Ceiling.start(identity);
  await firstSuccess(bare.port, '/');
  return performance.now() - begun;
}

async function run(asked: Run): Promise<readonly Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-bench-'));
  try {
    // Not counted: fills the compile cache, as every start but the first after a build finds it.
    await apiReady(asked, join(dir, 'warm'));
    const pki = (name: string): string => readFileSync(join(dir, 'warm/data/pki', name), 'utf8');
    const identity = { cert: pki('apiserver.crt'), key: pki('apiserver.key') };
    const result = await interleave(
      asked.rounds,
      () => bareReady(identity),
      (round) => apiReady(asked, join(dir, `round-${round}`)),
    );
    return [
      {
        what: 'ready from nothing',
        figure: result.figure,
        unit: 'ms',
        ceilings: [{ of: 'bare TLS', figure: result.ceiling, ratio: result.ratio }],
        bound: { by: 'figure', limit: 1000, better: 'less' },
      },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export const readyMeasurement: LoneMeasurement = { name: 'ready', run };
