import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { addToKubeconfig, checkKubeconfig, giveBackContext, removeFromKubeconfig } from './change.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
const own = { name: 'kubernest-default', owns: () => true };
const entry = { name: own.name, server: 'https://127.0.0.1:6443', ca: 'CA', cert: 'CERT', key: 'KEY' };
let home: string;
let kube: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  kube = join(home, '.kube');
  file = join(kube, 'config');
});
const add = () => addToKubeconfig([file], entry, { owns: own.owns, makeCurrent: true }, ctx);
const remove = () => removeFromKubeconfig([file], own, ctx);

describe('a kubeconfig that was made', () => {
  it('is not begun by looking whether it could be', async () => {
    await checkKubeconfig([file], own, ctx);
    expect(existsSync(kube)).toBe(false);
    const deep = join(home, 'a', 'b', 'config');
    await checkKubeconfig([deep], own, ctx);
    expect(existsSync(join(home, 'a'))).toBe(false);
  });

  it('goes with the last that it holds, and so does its folder', async () => {
    await add();
    await giveBackContext([file], own, '', ctx);
    expect(existsSync(file)).toBe(true);
    await remove();
    expect(existsSync(kube)).toBe(false);
    await add();
    writeFileSync(join(kube, 'cache'), '');
    await remove();
    expect([existsSync(file), existsSync(kube)]).toEqual([false, true]);
  });

  it.each(['# mine\n', 'preferences: {}\n', 'users:\n- name: me\n  user: {}\n'])(
    'stays where somebody has written %j into it',
    async (text) => {
      mkdirSync(kube);
      writeFileSync(file, text);
      await add();
      await remove();
      expect(readFileSync(file, 'utf8')).toContain(text.trim());
    },
  );

  it('stays where it is a link or has another name', async () => {
    mkdirSync(kube);
    symlinkSync(join(home, 'linked'), file);
    await add();
    await remove();
    expect(readFileSync(file, 'utf8')).not.toContain(own.name);
    rmSync(file);
    writeFileSync(join(home, 'other'), '');
    linkSync(join(home, 'other'), file);
    await add();
    await remove();
    expect(readFileSync(join(home, 'other'), 'utf8')).not.toContain(own.name);
    expect(existsSync(file)).toBe(true);
  });
});
