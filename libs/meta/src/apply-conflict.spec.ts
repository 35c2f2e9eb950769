import { expect, it } from 'vitest';
import { applyConflict } from './apply-conflict.ts';
import { MOST_TOLD_FAULTS } from './body-limits.ts';
import { fieldSetOfPaths } from './field-set.ts';
import type { ManagerEntry } from './managed-entries.ts';
import { MOST_PATH_LETTERS } from './schema-place.ts';

const key = 'k'.repeat(100_000);
const conflict = (manager: string, count: number) => {
  const fields = fieldSetOfPaths(Array.from({ length: count }, (_, i) => [`f:${key}`, `f:a${i}`]));
  return { owner: { manager, operation: 'Apply', apiVersion: 'v1', subresource: '' } as ManagerEntry, fields };
};

it('of very many conflicts below a long key some are told, each with the beginning of its path', () => {
  const { message, details } = applyConflict([conflict('b', 5000), conflict('a', 60)]);
  expect(message).toMatch(/^Apply failed with 5060 conflicts: conflicts with "a":\n- \.kkk/);
  expect(message).toMatch(/\nand 4960 more$/);
  const causes = details!.causes!;
  expect(causes).toHaveLength(MOST_TOLD_FAULTS);
  expect(causes.filter((cause) => cause.message === 'conflict with "a"')).toHaveLength(60);
  for (const { field } of causes) expect(field).toHaveLength(MOST_PATH_LETTERS + 1);
});
