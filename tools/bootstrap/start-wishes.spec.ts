import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startWishes } from './start-wishes.mjs';

const dir = mkdtempSync(join(tmpdir(), 'kubernest-wishes-'));
afterAll(() => rmSync(dir, { recursive: true }));
const write = (file: string, text: string): string => {
  const path = join(dir, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
};
const wishes = (args: readonly string[], env: Record<string, string> = {}) =>
  startWishes({ args, env, parse, parentOfClusters: dir });

const hollow = write('hollow.yaml', 'runtime: hollow\n');
const plain = write('plain.yaml', 'install: false\n');
const other = write('other.yaml', 'no-install: true\n');
const kept = write('kept.yaml', 'data-dir: made-hollow\n');
write('made-hollow/cluster.json', '{"runtime":"hollow"}');
write('older/cluster.json', '{"name":"older"}');
write('older/run/session.json', '{"runtime":"hollow"}');
write('default/cluster.json', '{"runtime":"docker"}');

const asked = { mayInstall: true, hollow: false };
it.each([
  [[], {}, asked],
  [['--no-install'], {}, { ...asked, mayInstall: false }],
  [[`--config=${plain}`], {}, { ...asked, mayInstall: false }],
  [['--config', other], {}, { ...asked, mayInstall: false }],
  [[], { KUBERNEST_CONFIG: plain }, { ...asked, mayInstall: false }],
  [['--name=new', '--runtime', 'hollow'], {}, { ...asked, hollow: true }],
  [['--name=new', `--config=${hollow}`], {}, { ...asked, hollow: true }],
  [['--name=new', '--runtime=docker', `--config=${hollow}`], {}, asked],
  [['--name=new'], { KUBERNEST_CONFIG: hollow }, { ...asked, hollow: true }],
  [['--name=made-hollow'], {}, { ...asked, hollow: true }],
  [['--name=older'], {}, { ...asked, hollow: true }],
  [[`--data-dir=${join(dir, 'made-hollow')}`], {}, { ...asked, hollow: true }],
  [[`--config=${kept}`], {}, { ...asked, hollow: true }],
])('a start with %j and %j wishes for %j', (args, env, wished) => {
  expect(wishes(args, env as Record<string, string>)).toEqual(wished);
});

it('nothing is installed for a file that cannot be read: the program refuses it', () => {
  for (const file of [join(dir, 'none'), write('torn.yaml', 'a: ['), write('text.yaml', 'text')])
    expect(wishes([`--config=${file}`])).toEqual({ mayInstall: false, hollow: true });
});
