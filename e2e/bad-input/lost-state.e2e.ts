import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { openSqliteStore } from '@kubernest/store/sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hollow, mustTell, OneCluster } from './one-cluster.ts';

const cluster = new OneCluster('e2e-lost-state');
const { dir, data, up, down } = cluster;
afterAll(cluster.end);

describe('what is left of a cluster that ran', () => {
  const at = (file: string): string => join(data, file);
  const stateFiles = ['state.db', 'state.db-wal'].map((file) => `sqlite/${file}`);
  const lose = (...files: string[]): void => {
    for (const file of files) rmSync(at(file), { recursive: true, force: true });
  };
  const becomesFolder = (file: string): void => {
    lose(file);
    mkdirSync(at(file));
  };
  let whole: string;

  beforeAll(async () => {
    expect(await up(...hollow)).toMatchObject({ code: 0 });
    expect(await cluster.kubernest('down')).toMatchObject({ code: 0 });
    whole = join(dir, 'whole');
    cpSync(data, whole, { recursive: true });
  });
  beforeEach(() => {
    rmSync(data, { recursive: true, force: true });
    cpSync(whole, data, { recursive: true });
  });
  afterAll(async () => {
    rmSync(data, { recursive: true, force: true });
    cpSync(whole, data, { recursive: true });
    // None of it had harmed the cluster.
    expect(await up(...hollow)).toMatchObject({ code: 0 });
    await down();
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'state.db lost',
      () => lose(...stateFiles),
      /state\.db is missing, but .*apiserver\.crt shows that the cluster has run/,
    ],
    ['its log alone kept', () => lose('sqlite/state.db'), /state\.db is missing/],
    ['the folder of state.db lost', () => lose('sqlite'), /state\.db is missing, but .* down --purge --name/],
    [
      'state.db emptied',
      () => {
        lose(...stateFiles);
        writeFileSync(at('sqlite/state.db'), '');
      },
      /state\.db is empty, but .* Put its state back from a backup/,
    ],
    [
      'state.db made anew',
      async () => {
        lose('sqlite');
        await (await openSqliteStore({ directory: at('sqlite') })).close();
      },
      /state\.db holds no cluster "e2e-lost-state", but/,
    ],
    [
      'state.db cut in half',
      () => truncateSync(at('sqlite/state.db'), statSync(at('sqlite/state.db')).size >> 1),
      /state\.db is damaged: restore a backup, or begin anew without what it held: .* down --purge --name/,
    ],
    [
      'state.db overwritten from its beginning',
      () => writeFileSync(at('sqlite/state.db'), Buffer.alloc(200_000, 0xa5)),
      /state\.db is damaged: restore a backup/,
    ],
    [
      'state.db overwritten in its middle',
      () => {
        const bytes = readFileSync(at('sqlite/state.db'));
        writeFileSync(at('sqlite/state.db'), bytes.fill(0xa5, bytes.length >> 1));
      },
      /state\.db is damaged: restore a backup/,
    ],
    [
      'one bit of a stored object flipped',
      () => {
        const bytes = readFileSync(at('sqlite/state.db'));
        const word = bytes.indexOf('"selfsubjectreviews"');
        expect(word).toBeGreaterThan(0);
        bytes[word + 5] = bytes[word + 5]! ^ 1;
        writeFileSync(at('sqlite/state.db'), bytes);
      },
      /state\.db is damaged: restore a backup, or begin anew without what it held: .* down --purge --name/,
    ],
    [
      'state.db-wal lost after a crash',
      () => {
        lose('sqlite/state.db-wal');
        writeFileSync(at('sqlite/open'), '');
      },
      /state\.db-wal is missing, which had the last writes .*: restore a backup.*, or begin anew .* down --purge --name/,
    ],
    [
      'state.db a folder',
      () => becomesFolder('sqlite/state.db'),
      /state\.db cannot be used: unable to open database file/,
    ],
    ['the sealing key lost', () => lose('sealing.key'), /sealing key .*sealing\.key is missing: .* from a backup/],
    [
      'the sealing key emptied',
      () => writeFileSync(at('sealing.key'), ''),
      /sealing\.key is malformed: it must be 32 bytes in base64/,
    ],
    [
      'the sealing key damaged',
      () => writeFileSync(at('sealing.key'), 'c2hvcnQ='),
      /sealing\.key is malformed: it must be 32 bytes in base64/,
    ],
    [
      "another cluster's sealing key",
      () => writeFileSync(at('sealing.key'), Buffer.alloc(32, 7).toString('base64')),
      /was sealed with another key \(.*sealing\.key has .*\): give this server the sealing key/,
    ],
    ['a folder as sealing key', () => becomesFolder('sealing.key'), /sealing\.key cannot be read: it is a folder/],
    ['its facts lost', () => lose('cluster.json'), /cluster\.json is missing, but a cluster has run in/],
    [
      'its facts emptied',
      () => writeFileSync(at('cluster.json'), ''),
      /cluster\.json cannot be read: .* from a backup/,
    ],
    [
      'its facts no object',
      () => writeFileSync(at('cluster.json'), '7'),
      /cluster\.json cannot be read: it holds no object/,
    ],
    [
      'its facts without ports',
      () =>
        writeFileSync(at('cluster.json'), JSON.stringify({ format: 1, name: cluster.name, index: 3, store: 'sqlite' })),
      /cluster\.json cannot be read: apiPort is no port/,
    ],
    [
      'a file where a folder was',
      () => {
        lose('run');
        writeFileSync(at('run'), '');
      },
      /data directory .* cannot be used: a file is where a folder should be/,
    ],
  ])(
    '%s: up ends at once with the reason as its last word, and leaves what there is as it is',
    async (_, damage, words) => {
      await damage();
      const before = contents(data);
      mustTell(await cluster.kubernest('up', ...hollow), words);
      expect(contents(data)).toEqual(before);
    },
  );

  it('is told of in the terminal where the cluster was to go to the background', async () => {
    lose('sealing.key');
    mustTell(await up(...hollow), /^kubernest: the sealing key .* is missing/);
  });

  it('is made anew where the store holds what it takes', async () => {
    const files = ['pki/apiserver.crt', 'pki/apiserver-kubelet-client.key', 'admin.kubeconfig'];
    for (const file of files) writeFileSync(at(file), 'damaged');
    expect(await up(...hollow)).toMatchObject({ code: 0, stderr: '' });
    expect(await cluster.kubernest('status')).toMatchObject({ code: 0 });
    await cluster.kubernest('down');
    for (const file of files) expect(readFileSync(at(file), 'utf8')).not.toBe('damaged');
  });

  /** What is of worth in there: hash by path. Of the database, which SQLite touches when it opens it, only whether it is there. */
  function contents(folder: string): Record<string, string> {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    const kept = paths.filter((path) => !path.startsWith('run/') && !path.endsWith('-wal') && !path.endsWith('-shm'));
    const worth = (path: string): string => {
      const bytes = readFileSync(join(folder, path));
      if (path.endsWith('state.db')) return bytes.length > 0 ? 'there' : 'empty';
      return createHash('sha256').update(bytes).digest('hex');
    };
    return Object.fromEntries(kept.sort().map((path) => [path, worth(path)]));
  }
});
