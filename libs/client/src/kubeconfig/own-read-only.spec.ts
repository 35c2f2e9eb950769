import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { needs } from '../../../../tools/test/facts.ts';
import { ownReadOnlyWords } from './own-read-only.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  file = join(folder, 'my config');
  writeFileSync(file, '');
  onTestFinished(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });
});

it('what this user made read-only, the file or its folder, is theirs to change', async () => {
  expect(await ownReadOnlyWords(file)).toBeUndefined();
  chmodSync(folder, 0o500);
  expect(await ownReadOnlyWords(file)).toBe(
    `${folder} is read-only and belongs to this user, who may change that with chmod u+w ${folder}`,
  );
  expect(await ownReadOnlyWords(join(folder, 'none'))).toMatch(/ is read-only and belongs to this user/);
  chmodSync(file, 0o400);
  expect(await ownReadOnlyWords(file)).toMatch(/^it is read-only .* chmod u\+w '.*my config'$/);
});

it('what is another’s is not', needs('root'), async () => {
  chownSync(folder, 65_534, 65_534);
  chownSync(file, 65_534, 65_534);
  chmodSync(file, 0o400);
  expect(await ownReadOnlyWords(file)).toBeUndefined();
});
