import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { machineUsers, ownerOf } from './machine-users.ts';

it('the owner of a file has a name where the machine knows one; of a file that may not be seen, the folder tells', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubernest-users-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const uid = process.getuid!();
  const file = join(folder, 'passwd');
  writeFileSync(file, `nobody:x:65534:65534::/nonexistent:/bin/false\nmyself:x:${uid}:0:Me:/home/myself:/bin/sh\n`);
  const users = machineUsers(file);
  expect(users).toEqual([
    { name: 'nobody', uid: 65534, home: '/nonexistent' },
    { name: 'myself', uid, home: '/home/myself' },
  ]);
  for (const path of [file, join(folder, 'deep', 'gone')]) expect(ownerOf(path, users)).toBe('myself');
  expect(ownerOf(file, [])).toBe(`the user ${uid}`);
  expect(machineUsers('/no/such/file')).toEqual([]);
});
