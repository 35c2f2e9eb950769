import { type FieldError, fieldInvalid } from '@kubernest/meta';
import { childOf } from './field-path.ts';
import { patternFault } from './regular-expression.ts';

/** Of a schema's pattern, wherever the schema stands: whether it is one. */
export function patternFaults(pattern: string, path: string): FieldError[] {
  const why = patternFault(pattern);
  if (why === undefined) return [];
  return [fieldInvalid(childOf(path, 'pattern'), pattern, `must be a valid regular expression, but isn't: ${why}`)];
}
