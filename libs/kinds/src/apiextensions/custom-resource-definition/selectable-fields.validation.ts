import { faultsOfEach } from '@kubernest/definitions';
import { type FieldError, fieldDuplicate, fieldInvalid, fieldRequired, fieldTooMany } from '@kubernest/meta';
import type { JsonSchemaProps } from '@kubernest/structural';
import type { SelectableField } from './definition-parts.ts';
import { readFieldPath } from './schema/field-path.ts';

export const MOST_SELECTABLE_FIELDS = 8;

const wrongType =
  'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';

/** `mayBeMany`: there were as many before. */
export function validateSelectableFields(
  fields: readonly SelectableField[],
  path: string,
  { schema, mayBeMany }: { readonly schema: JsonSchemaProps; readonly mayBeMany: boolean },
): FieldError[] {
  const seen = new Set<string>();
  const faults = faultsOfEach(fields, ({ jsonPath }, i) => {
    const field = `${path}[${i}].jsonPath`;
    if (!jsonPath) return [fieldRequired(field)];
    const { found, fault } = readFieldPath(jsonPath, schema, { brackets: false });
    if (found === undefined) return [fieldInvalid(field, jsonPath, `is an invalid path: ${fault}`)];
    const own: FieldError[] = [];
    if (found.root === 'metadata') own.push(fieldInvalid(field, jsonPath, 'must not point to fields in metadata'));
    if (!isSelectable(found.schema)) own.push(fieldInvalid(field, jsonPath, wrongType));
    if (seen.has(found.text)) own.push(fieldDuplicate(field, jsonPath));
    seen.add(found.text);
    return own;
  });
  if (seen.size > MOST_SELECTABLE_FIELDS && !mayBeMany)
    faults.push(fieldTooMany(path, seen.size, MOST_SELECTABLE_FIELDS));
  return faults;
}

const isSelectable = (schema: JsonSchemaProps | undefined): boolean =>
  ['string', 'boolean', 'integer'].includes(schema?.type ?? '');
