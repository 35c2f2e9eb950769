import { collectWarnings, quoted, type ValidationContext, type Warn } from '@kubernest/definitions';
import { deepEqual } from '@kubernest/meta';
import type { JsonSchemaProps } from '@kubernest/structural';
import type { SentDefinition, Version } from './definition-parts.ts';
import { isKnownFormat } from './schema/formats.ts';
import { schemaHas, schemasIn } from './schema/schemas-in.ts';

/** What people should know of a definition that is fine: what its schemas say and nobody looks at. */
export function warnOfDefinition(crd: SentDefinition, { subresource, old }: ValidationContext): string[] {
  if (subresource === 'status') return [];
  return collectWarnings((warn) => {
    warnOfFormats(crd, old as SentDefinition | undefined, warn);
    warnOfRules(crd, old as SentDefinition | undefined, warn);
  });
}

const schemasOf = (crd: SentDefinition | undefined): JsonSchemaProps[] =>
  (crd?.spec?.versions ?? []).flatMap(({ schema }) => schema?.openAPIV3Schema ?? []);

function warnOfFormats(crd: SentDefinition, old: SentDefinition | undefined, warn: Warn): void {
  const found = unknownFormats(crd);
  if (found.size === 0) return;
  const before = unknownFormats(old);
  for (const format of found) if (!before.has(format)) warn(`unrecognized format ${quoted(format)}`);
}

function unknownFormats(crd: SentDefinition | undefined): Set<string> {
  const found = new Set<string>();
  for (const schema of schemasOf(crd))
    for (const { type, format } of schemasIn(schema)) if (format && !isKnownFormat(format, type)) found.add(format);
  return found;
}

/** Told where rules are new. */
function warnOfRules(crd: SentDefinition, old: SentDefinition | undefined, warn: Warn): void {
  const before = new Map((old?.spec?.versions ?? []).map((version) => [version.name, version]));
  for (const [i, version] of (crd.spec?.versions ?? []).entries()) {
    const isNew = !deepEqual(version.schema, before.get(version.name)?.schema);
    if (isNew && hasRules(version))
      warn(`spec.versions[${i}].schema.openAPIV3Schema: x-kubernetes-validations are not enforced by this server yet`);
  }
}

/** Whether anything in its schema says `x-kubernetes-validations`. */
export const hasRules = ({ schema }: Version): boolean =>
  schema?.openAPIV3Schema !== undefined &&
  schemaHas(schema.openAPIV3Schema, (each) => each['x-kubernetes-validations'] !== undefined);
