import { ageColumn, type Column, nameColumn, textColumn, wide } from '@kubernest/definitions';
import type { RoleBinding } from '../../types.ts';

/** Roles show the moment itself, not an age. */
export const roleColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Created At',
    type: 'date',
    description: 'When the object was created.',
    cell: (object) => object.metadata.creationTimestamp ?? '<unknown>',
  },
];

type Bound = Pick<RoleBinding, 'metadata' | 'roleRef' | 'subjects'>;

function subjects(kind: string): (binding: Bound) => string {
  return ({ subjects: all = [] }) =>
    all
      .filter((subject) => subject.kind === kind)
      .map(({ namespace, name }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
      .join(', ');
}

export const bindingColumns: readonly Column<Bound>[] = [
  nameColumn,
  textColumn('Role', 'What it grants.', ({ roleRef }) => `${roleRef?.kind ?? ''}/${roleRef?.name ?? ''}`),
  ageColumn,
  wide(textColumn('Users', 'Users it grants to.', subjects('User'))),
  wide(textColumn('Groups', 'Groups it grants to.', subjects('Group'))),
  wide(textColumn('ServiceAccounts', 'Service accounts it grants to.', subjects('ServiceAccount'))),
];
