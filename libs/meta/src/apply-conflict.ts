import { type FieldSet, fieldPaths } from './field-set.ts';
import type { ManagerEntry } from './managed-entries.ts';
import { StatusError } from './status-error.ts';

/** Fields that a manager owns and an applier wants to change. */
export interface ApplyConflict {
  readonly owner: ManagerEntry;
  readonly fields: FieldSet;
}

/** 409, with a cause for each field, worded as kubectl prints it. */
export function applyConflict(conflicts: readonly ApplyConflict[]): StatusError {
  const each = conflicts.flatMap(({ owner, fields }) =>
    [...fieldPaths(fields)].map((path) => ({ owner: nameOf(owner), field: pathText(path) })),
  );
  const causes = each.map(({ owner, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${owner}`,
    field,
  }));
  return new StatusError(409, 'Conflict', messageOf(each), { causes });
}

function messageOf(each: readonly { owner: string; field: string }[]): string {
  const only = each.length === 1 ? each[0] : undefined;
  if (only) return `Apply failed with 1 conflict: conflict with ${only.owner}: ${only.field}`;
  const owners = [...new Set(each.map(({ owner }) => owner))].sort();
  const lists = owners.map((owner) => {
    const fields = each.filter((one) => one.owner === owner).map(({ field }) => `\n- ${field}`);
    return `conflicts with ${owner}:${fields.join('')}`;
  });
  return `Apply failed with ${each.length} conflicts: ${lists.join('\n')}`;
}

function nameOf({ manager, operation, apiVersion, subresource }: ManagerEntry): string {
  const where = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${where}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

/** `.spec.containers[name="web"].image` */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('');
}

function elementText(element: string): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  if (element.startsWith('i:')) return `[${text}]`;
  const keys = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
