import type { EnvFromSource, EnvVar, EnvVarSource } from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, requiredForm } from '@kubernest/definitions';
import {
  type FieldError,
  fieldInvalid,
  validateConfigKey,
  validateDns1123Subdomain,
  validateEnvVarName,
} from '@kubernest/meta';
import { fieldsForEnv, validateFieldRef, validateResourceRef } from './field-reference.validation.ts';

interface FileKey {
  readonly volumeName?: string;
  readonly path?: string;
  readonly key?: string;
}
type Source = EnvVarSource & { readonly fileKeyRef?: FileKey };

const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;

export function validateEnv(variables: readonly EnvVar[], path: string): FieldError[] {
  return faultsOfEach(variables, ({ name, value, valueFrom }, i) => [
    ...requiredForm(`${path}[${i}].name`, name, validateEnvVarName),
    ...(valueFrom ? validateSource(valueFrom, value, `${path}[${i}].valueFrom`) : []),
  ]);
}

function validateSource(source: Source, value: string | undefined, path: string): FieldError[] {
  const { fieldRef, resourceFieldRef, fileKeyRef } = source;
  const faults: FieldError[] = [];
  if (fieldRef) faults.push(...validateFieldRef(fieldRef, fieldsForEnv, `${path}.fieldRef`));
  if (resourceFieldRef) faults.push(...validateResourceRef(resourceFieldRef, `${path}.resourceFieldRef`, false));
  for (const kind of ['configMapKeyRef', 'secretKeyRef'] as const) {
    const ref = source[kind];
    if (!ref) continue;
    faults.push(
      ...invalidFor(`${path}.${kind}.name`, ref.name ?? '', validateDns1123Subdomain(ref.name ?? '')),
      ...requiredForm(`${path}.${kind}.key`, ref.key, validateConfigKey),
    );
  }
  if (fileKeyRef) {
    faults.push(
      ...requiredForm(`${path}.fileKeyRef.key`, fileKeyRef.key, validateEnvVarName),
      ...requiredForm(`${path}.fileKeyRef.volumeName`, fileKeyRef.volumeName, () => []),
      ...requiredForm(`${path}.fileKeyRef.path`, fileKeyRef.path, () => []),
    );
  }
  const count = sources.filter((kind) => source[kind] !== undefined).length;
  if (count === 0) {
    const names = sources.map((kind) => `\`${kind}\``);
    faults.push(fieldInvalid(path, '', `must specify one of: ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`));
  } else if (value) faults.push(fieldInvalid(path, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) faults.push(fieldInvalid(path, '', 'may not have more than one field specified at a time'));
  return faults;
}

export function validateEnvFrom(all: readonly EnvFromSource[], path: string): FieldError[] {
  return faultsOfEach(all, ({ prefix, configMapRef, secretRef }, i) => {
    const here = `${path}[${i}]`;
    const faults = prefix ? invalidFor(`${here}.prefix`, prefix, validateEnvVarName(prefix)) : [];
    if (configMapRef)
      faults.push(...requiredForm(`${here}.configMapRef.name`, configMapRef.name, validateDns1123Subdomain));
    if (secretRef) faults.push(...requiredForm(`${here}.secretRef.name`, secretRef.name, validateDns1123Subdomain));
    // compat: both are said of the list, not of its entry.
    if (!configMapRef && !secretRef)
      faults.push(fieldInvalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    if (configMapRef && secretRef)
      faults.push(fieldInvalid(path, '', 'may not have more than one field specified at a time'));
    return faults;
  });
}
