import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { type Machine, refusalOf, warningOf } from './machine.cjs';

const machine: Machine = { platform: 'linux', arch: 'x64', node: '20.11.0', hasGlibc: true };

describe('a machine', () => {
  it.each<[string, Partial<Machine>]>([
    ['with Linux on x64 and Node.js 20', {}],
    ['with Linux on 64-bit Arm', { arch: 'arm64' }],
    ['with the newest Node.js', { node: '31.0.0' }],
    ['without glibc that has the Node.js wanted', { node: '26.0.0', hasGlibc: false }],
  ])('%s is welcome', (_what, facts) => {
    expect(refusalOf({ ...machine, ...facts })).toBeUndefined();
  });

  it.each<[string, Partial<Machine>, string[]]>([
    ['with another system', { platform: 'darwin', arch: 'arm64' }, ['darwin', 'runs on Linux', 'virtual machine']],
    ['with another system and an old Node.js', { platform: 'win32', node: '12.1.0' }, ['win32', 'runs on Linux']],
    ['with another processor', { arch: 'riscv64' }, ['riscv64', 'x64', 'arm64']],
    ['with a Node.js for 32 bits', { arch: 'ia32' }, ['ia32', 'built for it']],
    ['with an old Node.js', { node: '19.9.9' }, ['19.9.9', '20 or newer', 'PATH']],
    ['with a Node.js of no version', { node: '' }, ['too old']],
    ['without glibc', { hasGlibc: false }, ['glibc', 'Debian 12', '26']],
  ])('%s is told so, and what to do', (_what, facts, words) => {
    for (const word of words) expect(refusalOf({ ...machine, ...facts })).toContain(word);
  });

  it('that nobody tests is told so', () => {
    expect(warningOf({ ...machine, arch: 'arm64' })).toContain('not tested on arm64');
    expect(warningOf(machine)).toBeUndefined();
  });
});

describe('what runs before the check of the machine', () => {
  const faults = (text: string) =>
    new Linter().verify(text, { languageOptions: { ecmaVersion: 2015, sourceType: 'commonjs' } });

  it.each(['../bootstrap.cjs', 'machine.cjs'])('is understood by a Node.js of any age: %s', (file) => {
    expect(faults(readFileSync(join(import.meta.dirname, file), 'utf8'))).toEqual([]);
  });

  it('would be found out if it were not', () => {
    expect(faults('const a = b?.c;')).toMatchObject([{ fatal: true }]);
    expect(faults("import('./main.mjs');")).toMatchObject([{ fatal: true }]);
  });
});
