import { expect, it } from 'vitest';
import { AbsentOwners } from './absent-owners.ts';

const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u' };

it.each([
  [{}, 'default', true],
  [{ name: 'other' }, 'default', false],
  [{ uid: 'other' }, 'default', false],
  [{ kind: 'Secret' }, 'default', false],
  [{ apiVersion: 'v2' }, 'default', false],
  [{}, 'other', false],
  [{}, undefined, false],
])('of one absent owner, %j in %s is known to be absent: %s', (over, namespace, known) => {
  const absent = new AbsentOwners();
  absent.add({ ...owner, controller: true }, 'default');
  expect(absent.has({ ...owner, ...over }, namespace)).toBe(known);
});

it('keeps the last ten thousand', () => {
  const absent = new AbsentOwners();
  for (let i = 0; i < 10_001; i++) absent.add({ ...owner, uid: `${i}` }, undefined);
  const kept = [0, 1, 10_000].map((i) => absent.has({ ...owner, uid: `${i}` }, undefined));
  expect(kept).toEqual([false, true, true]);
});
