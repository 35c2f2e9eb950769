import type { Taint, Toleration } from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, oneOf, requiredOneOf } from '@kubernest/definitions';
import {
  type FieldError,
  fieldDuplicate,
  fieldInvalid,
  fieldNotSupported,
  validateLabelValue,
  validateQualifiedName,
} from '@kubernest/meta';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTolerations(tolerations: readonly Toleration[], path: string): FieldError[] {
  return faultsOfEach(tolerations, (toleration, i) => validateToleration(toleration, `${path}[${i}]`));
}

function validateToleration(
  { key, operator, value = '', effect, tolerationSeconds }: Toleration,
  path: string,
): FieldError[] {
  const faults = key ? invalidFor(`${path}.key`, key, validateQualifiedName(key)) : [];
  if (!key && operator !== 'Exists') {
    faults.push(
      fieldInvalid(
        `${path}.operator`,
        operator ?? '',
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    faults.push(
      fieldInvalid(`${path}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"),
    );
  }
  faults.push(...validateValue(operator, value, path));
  if (effect) faults.push(...oneOf(`${path}.effect`, effect, effects));
  return faults;
}

function validateValue(operator: string | undefined, value: string, path: string): FieldError[] {
  const field = `${path}.operator`;
  if (!operator || operator === 'Equal') {
    const wrong = validateLabelValue(value);
    return wrong.length > 0 ? [fieldInvalid(field, value, wrong.join(';'))] : [];
  }
  if (operator === 'Exists')
    return value ? [fieldInvalid(field, value, "value must be empty when `operator` is 'Exists'")] : [];
  // compat: operators that compare numbers are known, and their gate is closed.
  const known = operator === 'Gt' || operator === 'Lt' ? ['Equal', 'Exists', 'Lt', 'Gt'] : ['Equal', 'Exists'];
  return [fieldNotSupported(field, operator, known)];
}

export function validateTaints(taints: readonly Taint[], path: string): FieldError[] {
  const seen = new Set<string>();
  return faultsOfEach(taints, (taint, i) => {
    const { key = '', value = '', effect } = taint;
    const field = `${path}[${i}]`;
    const wrongValue = validateLabelValue(value);
    const faults = [
      ...invalidFor(`${field}.key`, key, validateQualifiedName(key)),
      ...(wrongValue.length > 0 ? [fieldInvalid(`${field}.value`, value, wrongValue.join(';'))] : []),
      ...requiredOneOf(`${field}.effect`, effect, effects),
    ];
    const identity = `${key}:${effect}`;
    if (seen.has(identity))
      faults.push({ ...fieldDuplicate(field, taint), detail: 'taints must be unique by key and effect pair' });
    seen.add(identity);
    return faults;
  });
}
