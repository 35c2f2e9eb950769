import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { addToKubeconfig, checkKubeconfig, giveBackContext, removeFromKubeconfig } from './change.ts';
import { loadKubeconfig, transportOptionsOf } from './load.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
const own = { name: 'kubernest-x', owns: () => true };
const entry = { name: own.name, server: 'https://127.0.0.1:6443', ca: 'CA', cert: 'CERT', key: 'KEY' };

const kubectls = `# of the team
apiVersion: v1
clusters:
# the real one
- cluster:
    certificate-authority-data: UFJPRA==
    server: https://prod.example:6443 # not to be touched
  name: prod
# below is work
- cluster:
    server: "https://work.example"
  name: work
contexts:
- context:
    cluster: prod
    user: me
  name: prod

current-context: prod
kind: Config
preferences: {}
users:
- name: me
  user:
    token: 'abc' # quoted
`;
const indented = kubectls.replace(
  /^(clusters|contexts|users):\n((?:[-# ].*\n|\n(?=[-# ]))*)/gm,
  (_, list, body) => `${list}:\n${String(body).replace(/^(?=.)/gm, '  ')}`,
);

let file: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  file = join(folder, 'config');
});
const add = () => addToKubeconfig([file], entry, { owns: own.owns, makeCurrent: true }, ctx);

describe('a kubeconfig is written as it was', () => {
  it.each([
    ['by kubectl', kubectls],
    ['with indented lists', indented],
    ['with ends of lines of Windows', kubectls.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\ufeff${kubectls}`],
    [
      'with blanks of its own',
      kubectls
        .replaceAll(/(?<!current-context): /g, ':   ')
        .replaceAll('\n\n', '\n\n\n')
        .replaceAll(' #', '    #'),
    ],
    [
      'with flow style over several lines',
      kubectls.replace('{}', '{\n  colors:   true,\n  }').replace("'abc'", "'abc'   "),
    ],
    [
      'with texts over several lines',
      kubectls.replace('    token: ', '    note: "one\n      two"\n    more: >-\n      a\n      b\n    token:   '),
    ],
    [
      'in flow style',
      'clusters: [{name: prod, cluster: {server: "https://prod.example"}}]\ncurrent-context: prod\ncontexts:\n- {name: prod, context: {cluster: prod, user: me}}\n',
    ],
  ])('%s, but for what is added, and is the same again without it', async (what, text) => {
    writeFileSync(file, text);
    await add();
    const changed = readFileSync(file, 'utf8');
    expect(changed.startsWith('\ufeff')).toBe(text.startsWith('\ufeff'));
    if (what !== 'in flow style') {
      const lines = changed.split('\n');
      const kept = text.split('\n').filter((line) => !line.startsWith('current-context'));
      // In their order.
      let at = -1;
      for (const line of kept) {
        at = lines.indexOf(line, at + 1);
        expect(at, line).toBeGreaterThanOrEqual(0);
      }
    }
    await giveBackContext([file], own, 'prod', ctx);
    await removeFromKubeconfig([file], own, ctx);
    const left = readFileSync(file, 'utf8');
    if (what === 'in flow style') expect(loadKubeconfig([file]).currentContext).toBe('prod');
    else expect(left).toBe(text);
  });
});

it.each([
  ['above it', '# mine\nclusters: []\n'],
  ['behind it', 'clusters: [] # mine\n'],
  ['within it', 'clusters: [\n  # mine\n  ]\n'],
])('what somebody has written beside an empty list stays: %s', async (_where, list) => {
  writeFileSync(file, `apiVersion: v1\nkind: Config\n${list}current-context: ""\n`);
  await add();
  expect(readFileSync(file, 'utf8')).toContain('# mine');
  await removeFromKubeconfig([file], own, ctx);
  const left = readFileSync(file, 'utf8');
  expect(left).toContain('# mine');
  expect(loadKubeconfig([file]).clusters.size).toBe(0);
  expect(left).not.toContain(own.name);
});

it('a kubeconfig whose lists are indented differently still means the same with what is added', async () => {
  const mixed = kubectls.replace(/^users:\n(.*\n)*/m, (body) => body.replace(/^(?=[- ])/gm, '    '));
  writeFileSync(file, mixed);
  await add();
  const config = loadKubeconfig([file]);
  for (const list of [config.clusters, config.users, config.contexts]) expect(list.has(own.name)).toBe(true);
  expect(config.users.get('me')).toEqual({ token: 'abc' });
});

it('a change finds what another program has written since it looked, and nothing of a change that failed', async () => {
  writeFileSync(file, kubectls);
  await checkKubeconfig([file], own, ctx);
  writeFileSync(file, kubectls.replaceAll('prod', 'live'));
  await add();
  expect([...loadKubeconfig([file]).contexts.keys()]).toEqual(['live', own.name]);
  writeFileSync(file, kubectls);
  await add();
  const theirs = { ...own, owns: () => false };
  await expect(addToKubeconfig([file], entry, { ...theirs, makeCurrent: true }, ctx)).rejects.toThrow('already');
  await removeFromKubeconfig([file], theirs, ctx);
  await giveBackContext([file], own, 'prod', ctx);
  await removeFromKubeconfig([file], own, ctx);
  expect(readFileSync(file, 'utf8')).toBe(kubectls);
});

describe('a kubeconfig with faults', () => {
  it('may hold what is no entry: it is passed over and stays', async () => {
    writeFileSync(
      file,
      'clusters:\n- null\n- text\n- name: 5\ncontexts:\n- null\nusers:\n- null\n- name: me\n  user: text\n',
    );
    const act = async () => {
      expect([...loadKubeconfig([file]).clusters.keys()].filter((name) => name !== own.name)).toEqual([]);
      await add();
      await removeFromKubeconfig([file], own, ctx);
      await checkKubeconfig([file], own, ctx);
    };
    await act();
    expect(readFileSync(file, 'utf8')).toContain('- null\n');
  });

  it.each([
    ['an alias that leads nowhere', 'clusters: *none\n'],
    [
      'a bomb of aliases',
      `a0: &a0 [x]\n${[...Array(9).keys()].map((i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`).join('\n')}\n`,
    ],
    ['two documents', 'kind: Config\n---\nkind: Config\n'],
    ['a text that does not end', 'clusters: "\n'],
  ])('names the file, in one line of its own words: %s', async (_what, text) => {
    writeFileSync(file, text);
    for (const act of [async () => loadKubeconfig([file]), add, () => checkKubeconfig([file], own, ctx)])
      await expect(act()).rejects.toThrow(new RegExp(`^${file} is not a kubeconfig: [^\\n]*Mend it[^\\n]*KUBECONFIG$`));
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('has a user that is a text, and nobody signs in as that', () => {
    writeFileSync(
      file,
      'current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: {server: "https://a"}}]\nusers: [{name: a, user: abc}]\n',
    );
    expect(transportOptionsOf(loadKubeconfig([file]))).toMatchObject({ server: 'https://a', token: undefined });
  });
});
