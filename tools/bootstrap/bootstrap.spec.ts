import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
let checkout: string;

/** What a fresh clone has of what comes before `npm ci`. */
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'kubernest-bootstrap-'));
  mkdirSync(join(checkout, 'path'));
  for (const name of ['tools/bootstrap.cjs', 'tools/bootstrap', 'package.json', 'package-lock.json'])
    cpSync(join(root, name), join(checkout, name), { recursive: true });
});
afterEach(() => rmSync(checkout, { recursive: true }));

/** A stand-in that says its version and notes what else it was asked. */
function npm(version: string): void {
  const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else echo "$@" >> ${checkout}/asked; exit 1; fi\n`;
  writeFileSync(join(checkout, 'path/npm'), script, { mode: 0o755 });
}
const asked = (): string => (existsSync(join(checkout, 'asked')) ? readFileSync(join(checkout, 'asked'), 'utf8') : '');
const start = () =>
  spawnSync(process.execPath, ['tools/bootstrap.cjs', 'start'], {
    cwd: checkout,
    encoding: 'utf8',
    env: { PATH: `${checkout}/path` },
  });

describe('npm start in a fresh clone', () => {
  it('asks npm for exactly what is locked, the build and Node.js among it', () => {
    npm('10.0.0');
    expect(start()).toMatchObject({ status: 1, stderr: 'kubernest: npm ci failed; see the lines above\n' });
    expect(asked()).toMatch(/^ci --include=dev --include=optional --ignore-scripts /);
  });

  it.each<[string, () => void, string]>([
    ['npm is missing', () => {}, 'kubernest: npm is missing: '],
    ['npm is too old', () => npm('9.2.0'), 'kubernest: npm 9.2.0 is too old: '],
    [
      'its files disagree',
      () => {
        npm('10.0.0');
        const file = join(checkout, 'package.json');
        writeFileSync(file, readFileSync(file, 'utf8').replace(/"ws": "[^"]+"/, '"ws": "latest"'));
      },
      'kubernest: package.json and package-lock.json disagree, so nothing was installed:\n  dependencies ws: package.json says latest',
    ],
  ])('says it before anything is installed, in one place and without a stack, when %s', (_what, make, words) => {
    make();
    const { status, stdout, stderr } = start();
    expect([status, stdout, asked()]).toEqual([1, '', '']);
    expect(stderr.slice(0, words.length)).toBe(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('the check of exact versions', () => {
  const check = (folder: string) =>
    spawnSync(process.execPath, [join(root, 'tools/checks/exact-versions.ts'), folder], { encoding: 'utf8' });

  it('passes here and fails where a version is a tag', () => {
    expect(check(root)).toMatchObject({ status: 0, stderr: '' });
    const file = join(checkout, 'package.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"ws": "[^"]+"/, '"ws": "latest"'));
    const found = check(dirname(file));
    expect(found.status).toBe(1);
    expect(found.stderr).toContain('dependencies ws: latest is no exact version\n');
  });
});
