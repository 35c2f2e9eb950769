import { type FieldError, fieldInvalid } from '@kubernest/meta';

/** compat: more of a path is not looked at; one that leads nowhere is served as a value that is not there. */
export const validateSimplePath = (value: string, field: string): FieldError[] =>
  value.startsWith('.') ? [] : [fieldInvalid(field, value, 'must be a simple json path starting with .')];
