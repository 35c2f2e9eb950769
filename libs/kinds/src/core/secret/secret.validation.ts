import type { FieldError } from '@kubernest/meta';
import type { Secret } from '../../types.ts';
import { validateEntries, validateSameType, validateSealed } from '../types/data.validation.ts';

export const validateSecret = ({ data }: Secret): FieldError[] =>
  validateEntries({ field: 'stringData' }, { field: 'data', entries: data });

export const validateSecretUpdate = (secret: Secret, old: Secret): FieldError[] => [
  ...validateSameType(secret.type, old.type),
  ...validateSealed(secret, old),
];
