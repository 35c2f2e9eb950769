import { type FieldError, fieldInvalid, fieldRequired, JsonSyntaxError, parseStrictJson } from '@kubernest/meta';
import type { Secret } from '../../types.ts';
import { validateEntries, validateSameType, validateSealed } from '../types/data.validation.ts';

export const validateSecret = (secret: Secret): FieldError[] => [
  ...validateEntries({ field: 'stringData' }, { field: 'data', entries: secret.data }, 'data'),
  ...(rules[secret.type ?? '']?.(secret) ?? []),
];

export const validateSecretUpdate = (secret: Secret, old: Secret): FieldError[] => [
  ...validateSameType(secret.type, old.type),
  ...validateSealed(secret, old),
];

const accountAnnotation = 'kubernetes.io/service-account.name';

/** What the types that are known must hold. */
const rules: Readonly<Record<string, (secret: Secret) => FieldError[]>> = {
  'kubernetes.io/service-account-token': ({ metadata }) =>
    metadata.annotations?.[accountAnnotation] ? [] : [fieldRequired(`metadata.annotations[${accountAnnotation}]`)],
  'kubernetes.io/dockercfg': (secret) => jsonIn(secret, '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (secret) => jsonIn(secret, '.dockerconfigjson'),
  'kubernetes.io/basic-auth': (secret) =>
    ['username', 'password'].some((key) => has(secret, key))
      ? []
      : [...needs(secret, 'username'), ...needs(secret, 'password')],
  'kubernetes.io/ssh-auth': (secret) =>
    secret.data?.['ssh-privatekey'] ? [] : [fieldRequired('data[ssh-privatekey]')],
  'kubernetes.io/tls': (secret) => [...needs(secret, 'tls.crt'), ...needs(secret, 'tls.key')],
};

const has = ({ data }: Secret, key: string): boolean => Object.hasOwn(data ?? {}, key);
const needs = (secret: Secret, key: string): FieldError[] => (has(secret, key) ? [] : [fieldRequired(`data[${key}]`)]);

/** A JSON object under this key; the fault tells nothing of what is there. */
function jsonIn(secret: Secret, key: string): FieldError[] {
  const missing = needs(secret, key);
  if (missing.length > 0) return missing;
  const fault = (why: string): FieldError[] => [fieldInvalid(`data[${key}]`, '<secret contents redacted>', why)];
  try {
    const { value } = parseStrictJson(Buffer.from(secret.data?.[key] ?? '', 'base64').toString());
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return [];
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return fault(`json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return fault(error.message);
    throw error;
  }
}
