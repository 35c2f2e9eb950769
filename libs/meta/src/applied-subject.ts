import type { ToldFaults } from './decode-words.ts';
import type { Json } from './object.ts';
import { StatusError } from './status-error.ts';
import { isObject } from './value.ts';

/** What is wrong with a value that is no more than its type allows; `subject` is `appliedSubject` of its configuration. compat: 500, likewise. */
export function cannotConvert(subject: string, why: string): StatusError {
  const type = subject.slice(subject.indexOf('; ') + 2);
  const what = `unable to convert unstructured object to ${type}: ${why}`;
  return new StatusError(500, '', `failed to convert new object (${subject}) to proper version: ${what}`);
}

/** How a wrong value is told where a configuration of that subject was applied. */
export const toldOfApplied = (subject: string): ToldFaults => ({
  as: 'converted',
  refuse: (why) => cannotConvert(subject, why),
});

/** `default/web; apps/v1, Kind=Deployment`, as far as the configuration says. */
export function appliedSubject(config: Json): string {
  const { name, namespace } = metadataOf(config);
  const { apiVersion, kind } = config as { readonly [key: string]: Json };
  const groupVersion = String(apiVersion).includes('/') ? apiVersion : `/${apiVersion}`;
  return `${textOr(namespace)}/${textOr(name)}; ${groupVersion}, Kind=${kind}`;
}

const textOr = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Empty where it has none that is one. */
export function metadataOf(config: Json): { readonly [key: string]: Json | undefined } {
  const metadata = isObject(config) ? config['metadata'] : undefined;
  return isObject(metadata) ? metadata : {};
}
