import { type FieldSet, fieldPaths } from './field-set.ts';
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

/** 409, with a cause for each field, worded as kubectl prints it. */
export function applyConflict(conflicts: readonly ApplyConflict[]): StatusError {
  const each = [...conflicts]
    .sort((a, b) => (managerIdentity(a.owner) < managerIdentity(b.owner) ? -1 : 1))
    .flatMap(({ owner, fields }) =>
      [...fieldPaths(fields)].map((path) => ({ owner: nameOf(owner), field: pathText(path) })),
    );
  const causes = each.map(({ owner, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${owner}`,
    field,
  }));
  return new StatusError(409, 'Conflict', messageOf(each), { causes });
}

function messageOf(each: readonly OneConflict[]): string {
  const only = each.length === 1 ? each[0] : undefined;
  if (only) return `Apply failed with 1 conflict: conflict with ${only.owner}: ${only.field}`;
  const byOwner = Map.groupBy(each, ({ owner }) => owner);
  const lists = [...byOwner].map(
    ([owner, fields]) => `conflicts with ${owner}:${fields.map(({ field }) => `\n- ${field}`).join('')}`,
  );
  return `Apply failed with ${each.length} conflicts: ${lists.join('\n')}`;
}

function nameOf({ manager, operation, apiVersion, subresource }: ManagerEntry): string {
  const where = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${where}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
