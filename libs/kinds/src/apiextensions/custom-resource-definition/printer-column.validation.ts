import { faultsOfEach } from '@kubernest/definitions';
import { type FieldError, fieldInvalid, fieldRequired } from '@kubernest/meta';
import type { PrinterColumn } from './definition-parts.ts';
import { validateSimplePath } from './simple-path.ts';

const types = ['boolean', 'date', 'integer', 'number', 'string'];
const formats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const mustBeOneOf = (words: readonly string[]): string => `must be one of ${words.join(',')}`;

export const validatePrinterColumns = (columns: readonly PrinterColumn[] | undefined, path: string): FieldError[] =>
  faultsOfEach(columns ?? [], (column, i) => validateColumn(column, `${path}[${i}]`));

function validateColumn({ name, type, format, jsonPath }: PrinterColumn, path: string): FieldError[] {
  const faults: FieldError[] = [];
  if (!name) faults.push(fieldRequired(`${path}.name`));
  if (!type) faults.push(fieldRequired(`${path}.type`, mustBeOneOf(types)));
  else if (!types.includes(type)) faults.push(fieldInvalid(`${path}.type`, type, mustBeOneOf(types)));
  if (format && !formats.includes(format)) faults.push(fieldInvalid(`${path}.format`, format, mustBeOneOf(formats)));
  // compat: with the field's name in Go.
  const field = `${path}.JSONPath`;
  return [...faults, ...(jsonPath ? validateSimplePath(jsonPath, field) : [fieldRequired(field)])];
}
