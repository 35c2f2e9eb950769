import type { FieldError } from '@kubernest/meta';
import type { Node } from '../../types.ts';
import { validateResourceList } from '../types/resources.validation.ts';
import { validateTaints } from '../types/toleration.validation.ts';

export const validateNode = ({ spec, status }: Node): FieldError[] => [
  ...validateTaints(spec?.taints ?? [], 'spec.taints'),
  ...validateResourceList(status?.capacity ?? {}, 'status.capacity'),
  ...validateResourceList(status?.allocatable ?? {}, 'status.allocatable'),
];
