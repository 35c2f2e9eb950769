import type { Expected } from '@kubernest/apiserver/contract';
import { applyDefaults, atOnce, type Json, type JsonObject, type KubeObject } from '@kubernest/meta';

/** Fills in, in place, what is there when nobody says otherwise. Idempotent. Whatever is decoded has its defaults before anybody looks at it. */
export function fillDefaults(
  { schema, defaults, customSchema }: Pick<Expected, 'schema' | 'defaults' | 'customSchema'>,
  draft: KubeObject,
): void {
  if (customSchema) atOnce(customSchema.fillDefaults(draft as unknown as JsonObject));
  else applyDefaults(schema, draft as unknown as Json);
  defaults?.(draft);
}
