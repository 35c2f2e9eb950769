import { notNegative } from '@kubernest/definitions';
import { type FieldError, fieldInvalid, percentOf } from '@kubernest/meta';

/** `3` or `25%`. With `atMostAll`, not above `100%`. */
export function validateCountOrPercent(
  value: number | string | undefined,
  field: string,
  { atMostAll }: { atMostAll: boolean },
): FieldError[] {
  if (typeof value !== 'string') return notNegative(field, value);
  const percent = percentOf(value);
  if (percent === undefined) {
    const form = "a valid percent string must be a numeric string followed by an ending '%'";
    return [fieldInvalid(field, value, `${form} (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`)];
  }
  return atMostAll && percent > 100 ? [fieldInvalid(field, value, 'must not be greater than 100%')] : [];
}
