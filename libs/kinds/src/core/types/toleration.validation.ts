import {
  type FieldError,
  fieldInvalid,
  fieldNotSupported,
  validateLabelValue,
  validateQualifiedName,
} from '@kubernest/meta';
import type { Taint, Toleration } from 'kubernetes-types/core/v1';
import { duplicates, invalidFor, requiredForm } from '../../faults.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTolerations(tolerations: readonly Toleration[], path: string): FieldError[] {
  return tolerations.flatMap((toleration, i) => validateToleration(toleration, `${path}[${i}]`));
}

function validateToleration(
  { key, operator, value, effect, tolerationSeconds }: Toleration,
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
  if (operator === 'Exists') {
    if (value) faults.push(fieldInvalid(path, value, "value must be empty when `operator` is 'Exists'"));
  } else if (!operator || operator === 'Equal') {
    faults.push(...invalidFor(`${path}.operator`, value ?? '', validateLabelValue(value ?? '')));
  } else faults.push(fieldNotSupported(`${path}.operator`, operator, ['Equal', 'Exists']));
  if (effect && !effects.includes(effect)) faults.push(fieldNotSupported(`${path}.effect`, effect, effects));
  return faults;
}

export function validateTaints(taints: readonly Taint[], path: string): FieldError[] {
  const each = taints.flatMap(({ key, value, effect }, i) => [
    ...requiredForm(`${path}[${i}].key`, key, validateQualifiedName),
    ...(value ? invalidFor(`${path}[${i}].value`, value, validateLabelValue(value)) : []),
    ...(effects.includes(effect) ? [] : [fieldNotSupported(`${path}[${i}].effect`, effect, effects)]),
  ]);
  return [
    ...each,
    ...duplicates(
      taints,
      ({ key, effect }) => `${key}:${effect}`,
      (i) => `${path}[${i}]`,
    ),
  ];
}
