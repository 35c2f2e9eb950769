import { type FieldError, fieldInvalid, fieldNotSupported, fieldRequired } from '@kubernest/meta';
import { childOf } from './field-path.ts';
import type { JsonSchemaProps, ValidationRule } from './props.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

const isBroken = (text: string): boolean => /[\n\r]/.test(text);

/** What is wrong with the rules of a schema before anybody reads them as CEL. */
export function ruleFaults(props: JsonSchemaProps, path: string): FieldError[] {
  return (props['x-kubernetes-validations'] ?? []).flatMap((rule, i) => [
    ...textFaults(rule, childOf(path, `x-kubernetes-validations[${i}]`)),
    ...otherFaults(rule, childOf(path, `x-kubernetes-validations[${i}]`)),
  ]);
}

/** compat: only the first of these is told. */
function textFaults({ rule = '', message = '' }: ValidationRule, at: string): FieldError[] {
  const [code, told] = [rule.trim(), message.trim()];
  if (code === '') return [fieldRequired(`${at}.rule`, 'rule is not specified')];
  if (message !== '' && told === '') return [fieldInvalid(`${at}.message`, message, 'must be non-empty if specified')];
  if (isBroken(told)) return [fieldInvalid(`${at}.message`, message, 'must not contain line breaks')];
  if (isBroken(code) && told === '')
    return [fieldRequired(`${at}.message`, 'message must be specified if rule contains line breaks')];
  return [];
}

function otherFaults({ messageExpression = '', reason, fieldPath = '' }: ValidationRule, at: string): FieldError[] {
  const faults: FieldError[] = [];
  if (messageExpression !== '' && messageExpression.trim() === '')
    faults.push(fieldRequired(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'));
  if (reason !== undefined && !reasons.includes(reason))
    faults.push(fieldNotSupported(`${at}.reason`, reason, reasons));
  if (fieldPath !== '' && fieldPath.trim() === '')
    faults.push(fieldInvalid(`${at}.fieldPath`, fieldPath, 'must be non-empty if specified'));
  if (isBroken(fieldPath)) faults.push(fieldInvalid(`${at}.fieldPath`, fieldPath, 'must not contain line breaks'));
  return faults;
}
