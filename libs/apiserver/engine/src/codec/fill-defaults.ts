import { applyDefaults, type Json, type KubeObject } from '@kubernest/meta';
import type { Expected } from '../contract/index.ts';

/** Fills in, in place, what is there when nobody says otherwise. Idempotent. Whatever is decoded has its defaults before anybody looks at it. */
export function fillDefaults({ schema, defaults }: Pick<Expected, 'schema' | 'defaults'>, draft: KubeObject): void {
  applyDefaults(schema, draft as unknown as Json);
  defaults?.(draft);
}
