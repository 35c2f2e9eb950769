import { faultsOfEach } from '@kubernest/definitions';
import { type FieldError, fieldInvalid, fieldNotSupported, fieldRequired } from '@kubernest/meta';
import type { JsonSchemaProps, ValidationRule } from '@kubernest/structural';
import { readFieldPath } from './field-path.ts';
import { namesIn } from './names-in.ts';
import type { Place } from './place.ts';

const keyword = 'x-kubernetes-validations';
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const lineBreak = /[\n\r]/;

/** What is said with a rule; not what the rule itself says. compat: where no structural schema can be made of it paths are not followed. */
export function ruleFaults(
  schema: JsonSchemaProps,
  path: string,
  { followsPaths }: { readonly followsPaths: boolean },
): FieldError[] {
  return faultsOfEach(schema[keyword] ?? [], (rule, i) => {
    const at = `${path}.${keyword}[${i}]`;
    return [
      ...textFaults(rule, at),
      ...messageExpressionFaults(rule, at),
      ...reasonFaults(rule, at),
      ...fieldPathFaults(rule.fieldPath ?? '', followsPaths ? schema : undefined, `${at}.fieldPath`),
    ];
  });
}

function textFaults({ rule = '', message = '' }: ValidationRule, at: string): FieldError[] {
  const said = message.trim();
  if (rule.trim() === '') return [fieldRequired(`${at}.rule`, 'rule is not specified')];
  const field = `${at}.message`;
  if (message !== '' && said === '') return [fieldInvalid(field, message, 'must be non-empty if specified')];
  if (lineBreak.test(said)) return [fieldInvalid(field, message, 'must not contain line breaks')];
  if (lineBreak.test(rule.trim()) && said === '')
    return [fieldRequired(field, 'message must be specified if rule contains line breaks')];
  return [];
}

const messageExpressionFaults = ({ messageExpression = '' }: ValidationRule, at: string): FieldError[] =>
  messageExpression !== '' && messageExpression.trim() === ''
    ? [fieldRequired(`${at}.messageExpression`, 'messageExpression must be non-empty if specified')]
    : [];

const reasonFaults = ({ reason }: ValidationRule, at: string): FieldError[] =>
  reason === undefined || reasons.includes(reason) ? [] : [fieldNotSupported(`${at}.reason`, reason, reasons)];

function fieldPathFaults(fieldPath: string, schema: JsonSchemaProps | undefined, field: string): FieldError[] {
  if (fieldPath === '') return [];
  const faults: string[] = [];
  if (fieldPath.trim() === '') faults.push('must be non-empty if specified');
  if (lineBreak.test(fieldPath)) faults.push('must not contain line breaks');
  if (schema && readFieldPath(fieldPath, schema, { brackets: true }).fault !== undefined)
    faults.push('must be a valid path');
  return faults.map((fault) => fieldInvalid(field, fieldPath, fault));
}

/** What a rule needs to know of the object before the change. Asked of schemas only that have no other fault. */
export function oldSelfFaults(schema: JsonSchemaProps, { path, uncorrelated }: Place): FieldError[] {
  return faultsOfEach(schema[keyword] ?? [], ({ rule = '', optionalOldSelf }, i) => {
    const at = `${path}.${keyword}[${i}]`;
    const usesOld = namesIn(rule).has('oldSelf');
    if (usesOld && uncorrelated !== undefined) {
      const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`;
      return [fieldInvalid(`${at}.rule`, rule, why)];
    }
    if (usesOld || optionalOldSelf === undefined) return [];
    return [fieldInvalid(`${at}.optionalOldSelf`, optionalOldSelf, 'may not be set if oldSelf is not used in rule')];
  });
}
