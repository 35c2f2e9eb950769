import { type FieldError, fieldInvalid } from '@kubernest/meta';
import { childOf } from './field-path.ts';
import type { JsonSchemaProps } from './props.ts';
import { patternFault } from './regular-expression.ts';

/** Of a schema, wherever it stands: whether its pattern is one. */
export function patternFaults({ pattern }: JsonSchemaProps, path: string): FieldError[] {
  const why = pattern ? patternFault(pattern) : undefined;
  if (why === undefined) return [];
  return [fieldInvalid(childOf(path, 'pattern'), pattern, `must be a valid regular expression, but isn't: ${why}`)];
}
