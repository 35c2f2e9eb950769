import type { Expected } from '@kubernest/apiserver/contract';
import { applyDefaults, type Json, type JsonObject, type KubeObject, type Steps } from '@kubernest/meta';

/**
 * Fills in, in place, what is there when nobody says otherwise. Idempotent. Whatever is decoded has its defaults before anybody looks at it.
 * Throws 413 where that would be more than is ever stored.
 */
export function* fillDefaults(
  { schema, defaults, customSchema }: Pick<Expected, 'schema' | 'defaults' | 'customSchema'>,
  draft: KubeObject,
): Steps<void> {
  if (customSchema) yield* customSchema.fillDefaults(draft as unknown as JsonObject);
  else applyDefaults(schema, draft as unknown as Json);
  defaults?.(draft);
}
