import { atOnce, type FieldError, fieldInvalid, printable } from '@kubernest/meta';
import { unsupportedKeyword } from '@kubernest/structural';
import type { Version, VersionParts } from './definition-parts.ts';
import type { Leniency } from './leniency.ts';
import { validatePrinterColumns } from './printer-column.validation.ts';
import { validateSchema } from './schema/schema.validation.ts';
import { validateSelectableFields } from './selectable-fields.validation.ts';
import { validateSubresources } from './subresources.validation.ts';

export interface PartRules {
  readonly leniency: Leniency;
  readonly mustBeStructural: boolean;
  readonly hasStatus: boolean;
}

export function validateVersion(version: Version, path: string, rules: PartRules): FieldError[] {
  const warning = version.deprecationWarning;
  return [
    ...warningFaults(version).map((fault) => fieldInvalid(`${path}.deprecationWarning`, warning, fault)),
    ...validateParts(version, { schema: `${path}.schema`, others: path }, rules),
    ...validateSelection(version, path, {
      mayBeMany: rules.leniency.selectableFields?.has(version.name ?? '') ?? false,
      // compat: it means the opposite.
      withoutSchema: 'may only be set when `version.schema.openAPIV3Schema` is not included',
    }),
  ];
}

/** The schema, subresources and columns of a version, or of all. */
export function validateParts(
  { schema, subresources, additionalPrinterColumns }: VersionParts,
  paths: { readonly schema: string; readonly others: string },
  rules: PartRules,
): FieldError[] {
  const { openAPIV3Schema } = schema ?? {};
  return [
    ...(openAPIV3Schema ? validateSchema(openAPIV3Schema, `${paths.schema}.openAPIV3Schema`, rules) : []),
    ...validateSubresources(subresources, `${paths.others}.subresources`),
    ...validatePrinterColumns(additionalPrinterColumns, `${paths.others}.additionalPrinterColumns`),
  ];
}

export function validateSelection(
  { schema, selectableFields = [] }: VersionParts,
  path: string,
  { mayBeMany, withoutSchema }: { readonly mayBeMany: boolean; readonly withoutSchema: string },
): FieldError[] {
  if (selectableFields.length === 0) return [];
  const { openAPIV3Schema } = schema ?? {};
  const field = `${path}.selectableFields`;
  if (!openAPIV3Schema) return [fieldInvalid(field, '', withoutSchema)];
  const unsupported = atOnce(unsupportedKeyword(openAPIV3Schema));
  return [
    ...(unsupported === undefined ? [] : [fieldInvalid(`${path}.schema.openAPIV3Schema`, '', unsupported)]),
    ...validateSelectableFields(selectableFields, field, { schema: openAPIV3Schema, mayBeMany }),
  ];
}

const MOST_WARNING_BYTES = 256;

function warningFaults({ deprecated, deprecationWarning: warning }: Version): string[] {
  if (warning === undefined) return [];
  if (!deprecated) return ['can only be set for deprecated versions'];
  const faults: string[] = [];
  if (Buffer.byteLength(warning) > MOST_WARNING_BYTES) faults.push('must be <= 256 characters long');
  if (warning === '') faults.push('must not be an empty string');
  const odd = [...warning].findIndex((letter) => !printable.test(letter));
  if (odd >= 0) {
    const index = Buffer.byteLength([...warning].slice(0, odd).join(''));
    faults.push(`must only contain printable UTF-8 characters; non-printable character found at index ${index}`);
  }
  return faults;
}
