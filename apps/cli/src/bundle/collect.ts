import { readFile } from 'node:fs/promises';
import { answerWithin, type Context, isAborted, kubernetesVersion, type Milliseconds, messageOf } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';
import { adminClient } from '../cluster/admin-client.ts';
import type { ClusterDir, ClusterFacts } from '../cluster/cluster-dir.ts';
import { noSuchCluster } from '../cluster/no-such-cluster.ts';
import { ownVersion } from '../cluster/own-version.ts';
import { reportOf } from '../cluster/report/report.ts';
import { judge, verdict } from '../doctor/judge.ts';
import { readMachine } from '../doctor/read-machine.ts';
import { objectEntries, secretValues } from './cluster-objects.ts';
import type { Entry } from './entry.ts';
import { logEntries } from './log-entries.ts';
import type { Secret } from './secret-texts.ts';

export interface Collected {
  readonly entries: readonly Entry[];
  /** Secrets that the cluster has: to be looked for in every text. */
  readonly known: readonly Secret[];
  /** Why the cluster's Secrets could not be read, so that nobody can look for them. */
  readonly unsearched?: string;
}

interface Wanted {
  /** Also what may hold a Secret's value where the Secrets cannot be read. */
  readonly unsearched: boolean;
}

const patience: Milliseconds = 20_000;

/** All that tells how the cluster is. What cannot be had says why in its place. */
export async function collect(dir: ClusterDir, wanted: Wanted, ctx: Context): Promise<Collected> {
  const facts = dir.facts();
  const [version, doctor, status, logs, api, own] = await Promise.all([
    orFault('version.json', async () => versions(), ctx),
    orFault('doctor.json', () => examined(dir, ctx), ctx),
    orFault('status.json', () => reported(dir, facts, ctx), ctx),
    logEntries(dir),
    fromApi(dir, ctx),
    ownSecrets(dir, facts),
  ]);
  const known = [...api.known, ...own];
  const harmless = [version, doctor, { file: 'cluster.json', value: facts }];
  const { unsearched } = api;
  if (unsearched === undefined || wanted.unsearched)
    return { entries: [...harmless, status, ...logs, ...api.entries], known, unsearched };
  const text = `Status, logs and objects are left out: they may hold values of the cluster's Secrets, and these could not be read: ${unsearched}`;
  return { entries: [...harmless, { file: 'left-out.txt', text }], known, unsearched };
}

const versions = () => ({
  kubernest: ownVersion(),
  kubernetes: kubernetesVersion.gitVersion,
  node: process.versions.node,
});

async function orFault(file: string, read: () => Promise<unknown>, ctx: Context): Promise<Entry> {
  try {
    return { file, value: await read() };
  } catch (error) {
    ctx.signal.throwIfAborted();
    return { file, value: { error: messageOf(error) } };
  }
}

async function examined(dir: ClusterDir, ctx: Context): Promise<unknown> {
  const facts = await readMachine(dir, ctx);
  const findings = judge(facts);
  return { verdict: verdict(facts, findings), findings };
}

async function reported(dir: ClusterDir, facts: ClusterFacts | undefined, ctx: Context): Promise<unknown> {
  if (!facts) throw noSuchCluster(dir);
  return answerWithin({ who: 'the API', limit: patience }, (limited) => reportOf(dir, facts, limited), ctx);
}

async function fromApi(dir: ClusterDir, ctx: Context): Promise<Collected> {
  try {
    // Nobody has given it a Secret yet.
    if (!dir.hasAdminKubeconfig()) return notAnswered(new Error(`cluster "${dir.name}" has not come up yet`));
    const client = adminClient(dir);
    const [entries, secrets] = await Promise.all([objectEntries(client, ctx), secretsOf(client, ctx)]);
    return { entries, ...secrets };
  } catch (error) {
    if (isAborted(error)) throw error;
    return { ...notAnswered(error), unsearched: messageOf(error) };
  }
}

const notAnswered = (error: unknown): Collected => ({
  entries: [{ file: 'objects/not-answered.txt', text: messageOf(error) }],
  known: [],
});

async function secretsOf(client: ReturnType<typeof adminClient>, ctx: Context): Promise<Omit<Collected, 'entries'>> {
  try {
    return { known: await secretValues(client, ctx) };
  } catch (error) {
    ctx.signal.throwIfAborted();
    return { known: [], unsearched: messageOf(error) };
  }
}

/** What the cluster itself must keep: the key of its store, and how it signs in there. */
async function ownSecrets(dir: ClusterDir, facts: ClusterFacts | undefined): Promise<readonly string[]> {
  const key = await ifThere(readFile(dir.sealingKey(), 'utf8')).catch(() => undefined);
  const addresses = (facts?.store ?? '').split(',').filter((address) => URL.canParse(address));
  const passwords = addresses.map((address) => new URL(address).password).filter((word) => word !== '');
  return [...(key === undefined ? [] : [key.trim()]), ...passwords.flatMap((word) => [word, unescaped(word)])];
}

function unescaped(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
