import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { type ApiCall, createClient, type Transport } from '@kubernest/client';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { notFound } from '@kubernest/meta';
import { extract } from 'tar-stream';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ClusterDir, dataFormat } from '../cluster/cluster-dir.ts';
import { objectEntries, secretValues } from './cluster-objects.ts';
import { collect } from './collect.ts';
import { logEntries } from './log-entries.ts';
import { writeBundle } from './write-bundle.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubernest-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

async function unpacked(file: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of Readable.from([gunzipSync(readFileSync(file))]).pipe(extract())) {
    let text = '';
    for await (const chunk of entry) text += chunk;
    files.set(entry.header.name, text);
  }
  return files;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const metadata = {
  name: 'web',
  namespace: 'a',
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"PLANT-applied"}' },
};
const bytes = Buffer.from([0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7]);
const objects: Readonly<Record<string, object>> = {
  '/api/v1/secrets': { metadata, data: { word: base64('PLANT-secret-value'), bytes: bytes.toString('base64') } },
  '/api/v1/configmaps': { metadata, data: { word: 'PLANT-config' }, binaryData: { bytes: base64('PLANT-bytes') } },
  '/apis/apps/v1/deployments': {
    metadata,
    spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'WORD', value: 'PLANT-env' }] }] } } },
  },
  '/api/v1/events': { metadata, message: 'it said PLANT-secret-value, and Bearer PLANT-bearer' },
};
/** An API that has these objects refuses nodes, and knows no jobs. */
const api: Transport = {
  async call({ path }: ApiCall) {
    const [plain] = path.split('?');
    if (plain === '/api/v1/nodes') throw new Error('no nodes today');
    if (plain?.endsWith('/jobs')) throw notFound({ group: 'batch', resource: 'jobs', name: '' });
    return { status: 200, object: { metadata: {}, items: objects[plain!] ? [objects[plain!]] : [] } };
  },
  watch: () => Promise.reject(new Error('nobody watches')),
};

it('no secret of any sort is in the archive, and what is not secret is', async () => {
  const client = createClient(api);
  const log = {
    file: 'logs/api.log',
    text: `kept\n${base64('PLANT-secret-value')}\n#link=PLANT-link\nPLANT-secret-value\n${bytes.toString('base64url')} ${bytes.toString('hex')}\n`,
  };
  const file = join(folder, 'b.tar.gz');
  await writeBundle(file, [log, ...(await objectEntries(client, ctx))], await secretValues(client, ctx));
  const files = await unpacked(file);
  const all = [...files.values()].join('\n');
  expect(all).not.toMatch(/PLANT/);
  for (const form of ['base64', 'base64url', 'hex'] as const) expect(all).not.toContain(bytes.toString(form));
  for (const encoded of ['PLANT-secret-value', 'PLANT-bytes'].map(base64)) expect(all).not.toContain(encoded);
  expect(files.get('kubernest/logs/api.log')).toMatch(/^kept\n/);
  expect(JSON.parse(files.get('kubernest/objects/secrets.json')!)[0].data).toEqual({
    word: '[removed]',
    bytes: '[removed]',
  });
  expect(files.get('kubernest/objects/deployments.json')).toContain('"WORD"');
  expect(files.get('kubernest/objects/not-answered.txt')).toBe('nodes (v1): no nodes today');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('a cluster whose API does not answer has its facts, its logs and the reason in it, and none of its keys', async () => {
  const dir = new ClusterDir('ill', join(folder, 'data'));
  mkdirSync(dir.in('run'), { recursive: true });
  const key = base64('PLANT-sealing-key-of-32-bytes-xx');
  writeFileSync(dir.sealingKey(), `${key}\n`);
  const store = 'http://root:PLANT-pass@192.0.2.1:2379';
  dir.save({ format: dataFormat, name: 'ill', index: 3, apiPort: 1, kubeletPort: 2, store });
  writeFileSync(dir.logFile('api'), `began\nkey ${key}\n`);
  writeFileSync(dir.logFile('up'), `cut off ${'x'.repeat(5 * 1024 * 1024)}\nlast line\n`);
  const { entries, known } = await collect(dir, { unsearched: false }, ctx);
  const file = join(folder, 'b.tar.gz');
  await writeBundle(file, entries, known);
  const files = await unpacked(file);
  const all = [...files.values()].join('\n');
  expect(all).not.toMatch(/PLANT/);
  expect(all).not.toContain(key);
  expect(files.get('kubernest/logs/api.log')).toBe('began\nkey [removed]\n');
  expect(files.get('kubernest/logs/up.log')).toBe('last line\n');
  expect(JSON.parse(files.get('kubernest/status.json')!)).toMatchObject({ name: 'ill', state: 'stopped' });
  expect(files.get('kubernest/objects/not-answered.txt')).toMatch(/has not come up yet/);
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(['kubernest/version.json', 'kubernest/doctor.json', 'kubernest/cluster.json']),
  );
});

it('where the Secrets cannot be read, nothing that may hold their values is in it unless it is asked for, and that is told', async () => {
  const dir = new ClusterDir('mute', join(folder, 'data'));
  mkdirSync(dir.in('run'), { recursive: true });
  dir.save({ format: dataFormat, name: 'mute', index: 3, apiPort: 1, kubeletPort: 2, store: 'memory' });
  writeFileSync(dir.logFile('api'), 'PLANT-unknown\n');
  writeFileSync(dir.adminKubeconfig(), 'no kubeconfig');
  const { entries, unsearched } = await collect(dir, { unsearched: false }, ctx);
  expect(unsearched).toBeTruthy();
  expect(entries.map(({ file }) => file)).toEqual(['version.json', 'doctor.json', 'cluster.json', 'left-out.txt']);
  expect(JSON.stringify(entries)).not.toContain('PLANT');
  const all = await collect(dir, { unsearched: true }, ctx);
  expect(all.entries.map(({ file }) => file)).toEqual(expect.arrayContaining(['status.json', 'logs/api.log']));
});

it('an API that lists no Secrets is no API without Secrets', async () => {
  const refusing: Transport = { ...api, call: () => Promise.reject(new Error('not today')) };
  await expect(secretValues(createClient(refusing), ctx)).rejects.toThrow('not today');
});

it('a folder of logs that this user may not read is told of in a sentence', async () => {
  const dir = new ClusterDir('ill', join(folder, 'data'));
  mkdirSync(dir.path);
  writeFileSync(dir.in('run'), 'no folder');
  expect(await logEntries(dir)).toEqual([
    { file: 'logs/not-read.txt', text: `${dir.in('run')} cannot be read: what should be a folder in its path is none` },
  ]);
});

it('entries that wait to be written do not fail by themselves', async () => {
  const file = join(folder, 'b.tar.gz');
  const entries = Array.from({ length: 30 }, (_, i) => ({ file: `${i}.txt`, text: 'x'.repeat(100_000) }));
  writeFileSync(file, 'mine');
  await expect(writeBundle(file, entries, [])).rejects.toThrow('it is there already;');
  rmSync(file);
  symlinkSync('/dev/full', file);
  await expect(writeBundle(file, entries, [])).rejects.toThrow('it is there already;');
  rmSync(file);
  await writeBundle(file, entries, []);
  expect((await unpacked(file)).size).toBe(30);
});

it('a file that is there stays as it is, and nothing stays of an archive that failed', async () => {
  const file = join(folder, 'b.tar.gz');
  writeFileSync(file, 'mine');
  await expect(writeBundle(file, [], [])).rejects.toThrow(`${file} cannot be written: it is there already;`);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  await expect(writeBundle(folder, [], [])).rejects.toThrow(`${folder} cannot be written: it is a folder;`);
  const nowhere = join(folder, 'none', 'b.tar.gz');
  await expect(writeBundle(nowhere, [], [])).rejects.toThrow(`${nowhere} cannot be written: there is no such`);
  await expect(writeBundle(join(file, 'b.tar.gz'), [], [])).rejects.toThrow(
    /what should be a folder in its path is none$/,
  );
  expect(readdirSync(folder)).toEqual(['b.tar.gz']);
});
