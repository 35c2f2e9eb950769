import { readFile } from 'node:fs/promises';
import { answerWithin, type Context, isAborted, kubernetesVersion, type Milliseconds, messageOf } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';
import { adminClient } from '../cluster/admin-client.ts';
import type { ClusterDir } from '../cluster/cluster-dir.ts';
import { noSuchCluster } from '../cluster/no-such-cluster.ts';
import { ownVersion } from '../cluster/own-version.ts';
import { reportOf } from '../cluster/report/report.ts';
import { judge, verdict } from '../doctor/judge.ts';
import { readMachine } from '../doctor/read-machine.ts';
import { objectEntries, secretValues } from './cluster-objects.ts';
import type { Entry } from './entry.ts';
import { logEntries } from './log-entries.ts';

export interface Collected {
  readonly entries: readonly Entry[];
  /** Secrets that the cluster has: to be looked for in every text. */
  readonly known: readonly string[];
}

const patience: Milliseconds = 20_000;

/** All that tells how the cluster is. What cannot be had says why in its place. */
export async function collect(dir: ClusterDir, ctx: Context): Promise<Collected> {
  const [version, doctor, status, logs, api, key] = await Promise.all([
    orFault('version.json', async () => versions(), ctx),
    orFault('doctor.json', () => examined(dir, ctx), ctx),
    orFault('status.json', () => reported(dir, ctx), ctx),
    logEntries(dir),
    fromApi(dir, ctx),
    sealingKey(dir),
  ]);
  return { entries: [version, doctor, status, ...logs, ...api.entries], known: [...api.known, ...key] };
}

const versions = () => ({
  kubernest: ownVersion(),
  kubernetes: kubernetesVersion.gitVersion,
  node: process.versions.node,
});

async function orFault(file: string, read: () => Promise<unknown>, ctx: Context): Promise<Entry> {
  try {
    return { file, text: json(await read()) };
  } catch (error) {
    ctx.signal.throwIfAborted();
    return { file, text: json({ error: messageOf(error) }) };
  }
}

async function examined(dir: ClusterDir, ctx: Context): Promise<unknown> {
  const facts = await readMachine(dir, ctx);
  const findings = judge(facts);
  return { verdict: verdict(facts, findings), findings };
}

async function reported(dir: ClusterDir, ctx: Context): Promise<unknown> {
  const facts = dir.facts();
  if (!facts) throw noSuchCluster(dir);
  return answerWithin({ who: 'the API', limit: patience }, (limited) => reportOf(dir, facts, limited), ctx);
}

async function fromApi(dir: ClusterDir, ctx: Context): Promise<Collected> {
  try {
    const client = adminClient(dir);
    const [entries, known] = await Promise.all([objectEntries(client, ctx), secretValues(client, ctx)]);
    return { entries, known };
  } catch (error) {
    if (isAborted(error)) throw error;
    return { entries: [{ file: 'objects/not-answered.txt', text: messageOf(error) }], known: [] };
  }
}

async function sealingKey(dir: ClusterDir): Promise<readonly string[]> {
  const text = await ifThere(readFile(dir.sealingKey(), 'utf8')).catch(() => undefined);
  return text === undefined ? [] : [text.trim()];
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);
