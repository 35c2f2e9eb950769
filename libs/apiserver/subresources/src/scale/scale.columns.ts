import type { Scale } from '@kubernest/api-types/autoscaling/v1';
import { ageColumn, type Column, nameColumn, type ResourceDefinition } from '@kubernest/definitions';

const counts: readonly Column<Scale>[] = [
  {
    name: 'Desired',
    type: 'integer',
    description: 'How many there should be.',
    cell: ({ spec }) => spec?.replicas ?? 0,
  },
  {
    name: 'Available',
    type: 'integer',
    description: 'How many there are.',
    cell: ({ status }) => status?.replicas ?? 0,
  },
];

const { format: _, ...plainName } = nameColumn;
const builtIn = [plainName, ...counts, ageColumn] as readonly Column[];
const declared = [nameColumn, ...counts, { ...ageColumn, type: 'date' }] as readonly Column[];

/** compat: a declared kind's tell more of what they are. */
export const columnsOf = ({ customSchema }: ResourceDefinition): readonly Column[] =>
  customSchema ? declared : builtIn;
