import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { addUnit, removeUnit, type Systemd } from './systemd.ts';

let folder: string;
let asked: string[];
const start = { cluster: 'a', command: '/k', flags: [], dataDir: '/d', environment: {} };
/** Refuses what begins with one of these words; notes how many files were there when it was asked. */
const systemd = (...refused: readonly string[]): Systemd => ({
  folder,
  async systemctl(...args) {
    asked.push(`${args.join(' ')} (${readdirSync(folder).length} files)`);
    if (refused.includes(args[0]!)) throw new Error(`${args[0]} refused`);
  },
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubernest-units-'));
  asked = [];
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

it('a unit is written, read and started; then stopped, removed and forgotten', async () => {
  expect(await addUnit(systemd(), start)).toBe(join(folder, 'kubernest-a.service'));
  expect(await removeUnit(systemd(), 'a')).toBe(true);
  expect(asked).toEqual([
    'daemon-reload (2 files)',
    'enable --now kubernest-a.service (2 files)',
    'disable --now kubernest-a.service (2 files)',
    'daemon-reload (0 files)',
  ]);
  expect(await removeUnit(systemd(), 'a')).toBe(false);
});

it.each([['enable'], ['daemon-reload']])('nothing stays of a unit when systemd refuses: %s', async (word) => {
  await expect(addUnit(systemd(word), start)).rejects.toThrow(`${word} refused`);
  expect(readdirSync(folder)).toEqual([]);
});

it('a unit that cannot be stopped stays, so that it can be tried again', async () => {
  await addUnit(systemd(), start);
  await expect(removeUnit(systemd('disable'), 'a')).rejects.toThrow('disable refused');
  expect(readdirSync(folder)).toEqual(['kubernest-a.service', 'kubernest-a.service.env']);
});

it('the environment is read by root alone, also where it was written by somebody who thought otherwise', async () => {
  const file = join(folder, 'kubernest-a.service.env');
  writeFileSync(file, 'OLD=1', { mode: 0o644 });
  await addUnit(systemd(), { ...start, environment: { HTTPS_PROXY: 'http://me:secret@proxy' } });
  expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([
    0o600,
    'HTTPS_PROXY="http://me:secret@proxy"\n',
  ]);
});
