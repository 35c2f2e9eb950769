import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blindWaits } from './waits.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where waiting is what the spec is about. */
const allowed: Readonly<Record<string, string>> = {
  'libs/kit/src/clock.spec.ts': 'the clock of the machine is its subject',
  'libs/apiserver/dialer/src/dial.spec.ts': 'other turns for each try make other interleavings',
  'tools/test/waits.spec.ts': 'it names them',
};

it('no spec, and nothing that specs stand on, waits without knowing for what', () => {
  const files = globSync(
    ['{libs,apps,tools,bench,addons}/**/*.{spec,fixture}.ts', 'libs/**/{testing,testkit}/**/*.ts'],
    {
      cwd: root,
      exclude: (name) => name === 'node_modules' || name === 'dist',
    },
  );
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((file) => {
    const waits = blindWaits(readFileSync(join(root, file), 'utf8'));
    return file in allowed ? [] : waits.map((wait) => `${file}, ${wait}`);
  });
  expect(found).toEqual([]);
});

describe('a blind wait', () => {
  it.each([
    "import { setTimeout as pause } from 'node:timers/promises';",
    'await new Promise((resolve) => setTimeout(resolve, 20));',
    'await systemClock.sleep(20, signal);',
    'for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));',
    'for (let i = 0; i < 20; i++) {\n  await new Promise(setImmediate);\n}',
    'for (let turn = 0; turn < 3; turn++) await setImmediate();',
    'for (let turn = 0; turn < 3; turn++) await Promise.resolve();',
  ])('is found, whatever its name: %s', (source) => {
    expect(blindWaits(`// one line above\n${source}`)).toEqual([expect.stringMatching(/^line 2: /)]);
  });

  it.each([
    "vi.useFakeTimers({ toFake: ['setTimeout'] });",
    'while (!done()) await new Promise((resolve) => setImmediate(resolve));',
    'await clock.sleep(20, signal);',
  ])('is none: %s', (source) => {
    expect(blindWaits(source)).toEqual([]);
  });
});
