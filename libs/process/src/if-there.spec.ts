import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ifThere } from './if-there.ts';

it('what is there is read', async () => {
  expect(await ifThere(readdir(import.meta.dirname))).toContain('if-there.spec.ts');
});

it('what is not there is nothing', async () => {
  expect(await ifThere(readFile('/no/such/file'))).toBeUndefined();
});

it.each(['EMFILE', 'EIO', 'EACCES', 'ENOTDIR'])('%s says nothing of what is there', async (code) => {
  const fault = Object.assign(new Error(code), { code });
  await expect(ifThere(Promise.reject(fault))).rejects.toBe(fault);
});
