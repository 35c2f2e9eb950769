import { quoted, type Tell, told, type ValidationContext } from '@kubernest/definitions';
import { deepEqual } from '@kubernest/meta';
import type { JsonSchemaProps } from '@kubernest/structural';
import type { SentDefinition, Version } from './definition-parts.ts';
import { isKnownFormat } from './schema/formats.ts';
import { schemaHas, schemasIn } from './schema/schemas-in.ts';

/** What people should know of a definition that is fine: what its schemas say and nobody looks at. */
export function warnOfDefinition(crd: SentDefinition, { subresource, old }: ValidationContext): string[] {
  if (subresource === 'status') return [];
  return told((tell) => {
    warnOfFormats(crd, old as SentDefinition | undefined, tell);
    warnOfRules(crd, old as SentDefinition | undefined, tell);
  });
}

const schemasOf = (crd: SentDefinition | undefined): JsonSchemaProps[] =>
  (crd?.spec?.versions ?? []).flatMap(({ schema }) => schema?.openAPIV3Schema ?? []);

function warnOfFormats(crd: SentDefinition, old: SentDefinition | undefined, tell: Tell): void {
  const found = unknownFormats(crd);
  if (found.size === 0) return;
  const before = unknownFormats(old);
  for (const format of found) if (!before.has(format)) tell(`unrecognized format ${quoted(format)}`);
}

function unknownFormats(crd: SentDefinition | undefined): Set<string> {
  const found = new Set<string>();
  for (const schema of schemasOf(crd))
    for (const { type, format } of schemasIn(schema)) if (format && !isKnownFormat(format, type)) found.add(format);
  return found;
}

/** Told where rules are new. */
function warnOfRules(crd: SentDefinition, old: SentDefinition | undefined, tell: Tell): void {
  const before = new Map((old?.spec?.versions ?? []).map((version) => [version.name, version]));
  for (const [i, version] of (crd.spec?.versions ?? []).entries()) {
    const isNew = !deepEqual(version.schema, before.get(version.name)?.schema);
    if (isNew && hasRules(version))
      tell(`spec.versions[${i}].schema.openAPIV3Schema: x-kubernetes-validations are not enforced by this server yet`);
  }
}

/** Whether anything in its schema says `x-kubernetes-validations`. */
export const hasRules = ({ schema }: Version): boolean =>
  schema?.openAPIV3Schema !== undefined &&
  schemaHas(schema.openAPIV3Schema, (each) => each['x-kubernetes-validations'] !== undefined);
