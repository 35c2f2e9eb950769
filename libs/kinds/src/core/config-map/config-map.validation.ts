import type { FieldError } from '@kubernest/meta';
import type { ConfigMap } from '../../types.ts';
import { validateEntries } from '../types/data.validation.ts';

export { validateSealed as validateConfigMapUpdate } from '../types/data.validation.ts';

export const validateConfigMap = ({ data, binaryData }: ConfigMap): FieldError[] =>
  validateEntries({ field: 'data', entries: data }, { field: 'binaryData', entries: binaryData });
