import { MOST_TOLD_FAULTS } from './body-limits.ts';
import { countFields, type FieldSet, fieldPaths } from './field-set.ts';
import { type ManagerEntry, managerIdentity } from './managed-entries.ts';
import { pathText } from './path-element.ts';
import { StatusError } from './status-error.ts';

/** Fields that a manager owns and an applier wants to change. */
export interface ApplyConflict {
  readonly owner: ManagerEntry;
  readonly fields: FieldSet;
}

interface OneConflict {
  readonly owner: string;
  readonly field: string;
}

/** 409, with a cause for each field of the first hundred, worded as kubectl prints it. */
export function applyConflict(conflicts: readonly ApplyConflict[]): StatusError {
  const told = each(conflicts)
    .take(MOST_TOLD_FAULTS)
    .map(({ owner, path }) => ({ owner: nameOf(owner), field: pathText(path) }))
    .toArray();
  const causes = told.map(({ owner, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${owner}`,
    field,
  }));
  const count = conflicts.reduce((sum, { fields }) => sum + countFields(fields), 0);
  return new StatusError(409, 'Conflict', messageOf(told, count), { causes });
}

interface FieldOfOwner {
  readonly owner: ManagerEntry;
  readonly path: readonly string[];
}

function* each(conflicts: readonly ApplyConflict[]): Generator<FieldOfOwner> {
  const sorted = [...conflicts].sort((a, b) => (managerIdentity(a.owner) < managerIdentity(b.owner) ? -1 : 1));
  for (const { owner, fields } of sorted) for (const path of fieldPaths(fields)) yield { owner, path };
}

function messageOf(told: readonly OneConflict[], count: number): string {
  const only = count === 1 ? told[0] : undefined;
  if (only) return `Apply failed with 1 conflict: conflict with ${only.owner}: ${only.field}`;
  const byOwner = Map.groupBy(told, ({ owner }) => owner);
  const lines = [...byOwner].map(
    ([owner, fields]) => `conflicts with ${owner}:${fields.map(({ field }) => `\n- ${field}`).join('')}`,
  );
  if (count > told.length) lines.push(`and ${count - told.length} more`);
  return `Apply failed with ${count} conflicts: ${lines.join('\n')}`;
}

function nameOf({ manager, operation, apiVersion, subresource }: ManagerEntry): string {
  const where = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${where}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
