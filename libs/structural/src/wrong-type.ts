import { type FieldError, fieldInvalid, fieldRequired } from '@kubernest/meta';
import { childOf } from './field-path.ts';
import type { JsonSchemaProps } from './props.ts';

interface Needed {
  readonly type: string;
  readonly keyword: string;
}

/** The fault of a schema that says something which only one type has. */
export function wrongType(props: JsonSchemaProps, path: string, { type, keyword }: Needed): FieldError[] {
  if (props.type === type) return [];
  const [at, why] = [childOf(path, 'type'), `must be ${type} if ${keyword} is specified`];
  return [props.type ? fieldInvalid(at, props.type, why) : fieldRequired(at, why)];
}
