import { isObject, type Steps } from '@kubernest/meta';
import type { GroupVersion } from '../backend.ts';
import { documentIn } from './document-in.ts';

/**
 * Where a backend's `/openapi/v3` says that a group-version is described; undefined where it does not, or names a path elsewhere. It has the
 * content's hash, and so changes with it. Throws where it is no such index.
 */
export function* locationIn(body: Buffer, { group, version }: GroupVersion): Steps<string | undefined> {
  const index = yield* documentIn(body);
  if (!isObject(index) || !isObject(index['paths'])) throw new Error('it is no index of OpenAPI documents');
  const key = `apis/${group}/${version}`;
  const entry = Object.hasOwn(index['paths'], key) ? index['paths'][key] : undefined;
  const url = isObject(entry) ? entry['serverRelativeURL'] : undefined;
  return typeof url === 'string' && url.startsWith('/openapi/v3/') && /^[\x21-\x7e]*$/.test(url) ? url : undefined;
}

/** Handed on as it is: what is wrong with it is wrong for whoever asks for this group-version, and for nobody else. */
export function isDocument(body: Buffer): boolean {
  return /^\s*\{/.test(body.subarray(0, 64).toString('utf8'));
}
