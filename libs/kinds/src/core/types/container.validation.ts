import {
  type FieldError,
  fieldDuplicate,
  fieldInvalid,
  fieldNotFound,
  fieldRequired,
  validateConfigKey,
  validateDns1123Label,
  validateEnvVarName,
  validatePortName,
  validatePortNumber,
} from '@kubernest/meta';
import type { Container, EnvFromSource, EnvVar, PodSpec, VolumeMount } from 'kubernetes-types/core/v1';
import { duplicates, invalidFor, requiredForm } from '../../faults.ts';
import { forbidProbes, validateProbesAndHooks } from './probe.validation.ts';
import { validateResources } from './resources.validation.ts';

/** Containers and init containers of one pod: each by itself, and together, as names and host ports are shared. */
export function validateContainers(spec: PodSpec, path: string): FieldError[] {
  const { containers = [], initContainers = [] } = spec;
  const volumes = new Set((spec.volumes ?? []).map((volume) => volume.name));
  const all = [
    ...containers.map((container, i) => ({ container, path: `${path}.containers[${i}]`, isInit: false })),
    ...initContainers.map((container, i) => ({ container, path: `${path}.initContainers[${i}]`, isInit: true })),
  ];
  const faults: FieldError[] = containers.length === 0 ? [fieldRequired(`${path}.containers`)] : [];
  for (const { container, path: here, isInit } of all) {
    faults.push(...validateContainer(container, here, volumes));
    const ends = isInit && (container as { restartPolicy?: string }).restartPolicy !== 'Always';
    faults.push(...(ends ? forbidProbes(container, here) : validateProbesAndHooks(container, here)));
  }
  faults.push(
    ...duplicates(
      all,
      ({ container }) => container.name,
      (i) => `${all[i]!.path}.name`,
    ),
  );
  faults.push(...validateHostPorts(containers, `${path}.containers`, spec.hostNetwork === true));
  return faults;
}

function validateContainer(container: Container, path: string, volumes: ReadonlySet<string>): FieldError[] {
  return [
    ...requiredForm(`${path}.name`, container.name, validateDns1123Label),
    ...validateImage(container.image, `${path}.image`),
    ...validatePorts(container, path),
    ...(container.env ?? []).flatMap((variable, i) => validateEnv(variable, `${path}.env[${i}]`)),
    ...(container.envFrom ?? []).flatMap((source, i) => validateEnvFrom(source, `${path}.envFrom[${i}]`)),
    ...validateMounts(container.volumeMounts ?? [], `${path}.volumeMounts`, volumes),
    ...validateResources(container.resources, `${path}.resources`, new Set()),
  ];
}

function validateImage(image: string | undefined, path: string): FieldError[] {
  if (!image) return [fieldRequired(path)];
  return image.trim() === image ? [] : [fieldInvalid(path, image, 'must not have leading or trailing whitespace')];
}

function validatePorts({ ports = [] }: Container, path: string): FieldError[] {
  const faults = ports.flatMap(({ name, containerPort, hostPort }, i) => {
    const here = `${path}.ports[${i}]`;
    return [
      ...(name ? invalidFor(`${here}.name`, name, validatePortName(name)) : []),
      ...(containerPort
        ? invalidFor(`${here}.containerPort`, containerPort, validatePortNumber(containerPort))
        : [fieldRequired(`${here}.containerPort`)]),
      ...(hostPort ? invalidFor(`${here}.hostPort`, hostPort, validatePortNumber(hostPort)) : []),
    ];
  });
  return [
    ...faults,
    ...duplicates(
      ports,
      (port) => port.name,
      (i) => `${path}.ports[${i}].name`,
    ),
  ];
}

/** A port of the machine can be had once; on the host network a container's port is the machine's. */
function validateHostPorts(containers: readonly Container[], path: string, hostNetwork: boolean): FieldError[] {
  const faults: FieldError[] = [];
  const taken = new Set<string>();
  for (const [i, { ports = [] }] of containers.entries()) {
    for (const [j, port] of ports.entries()) {
      const here = `${path}[${i}].ports[${j}]`;
      if (hostNetwork && port.hostPort !== port.containerPort) {
        faults.push(
          fieldInvalid(`${here}.hostPort`, port.hostPort, 'must match `containerPort` when `hostNetwork` is true'),
        );
      }
      if (!port.hostPort) continue;
      const key = `${port.protocol ?? 'TCP'}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (taken.has(key)) faults.push(fieldDuplicate(`${here}.hostPort`, key));
      taken.add(key);
    }
  }
  return faults;
}

const envSources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;

function validateEnv({ name, value, valueFrom }: EnvVar, path: string): FieldError[] {
  const faults = requiredForm(`${path}.name`, name, validateEnvVarName);
  if (!valueFrom) return faults;
  const here = `${path}.valueFrom`;
  const present = envSources.filter((source) => (valueFrom as Record<string, unknown>)[source] !== undefined);
  if (value) faults.push(fieldInvalid(here, '', 'may not be specified when `value` is not empty'));
  if (present.length === 0) {
    const names = envSources.map((source) => `\`${source}\``);
    faults.push(fieldInvalid(here, '', `must specify one of: ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`));
  } else if (present.length > 1)
    faults.push(fieldInvalid(here, '', 'may not have more than one field specified at a time'));
  if (valueFrom.fieldRef && !valueFrom.fieldRef.fieldPath) faults.push(fieldRequired(`${here}.fieldRef.fieldPath`));
  if (valueFrom.resourceFieldRef && !valueFrom.resourceFieldRef.resource)
    faults.push(fieldRequired(`${here}.resourceFieldRef.resource`));
  for (const source of ['configMapKeyRef', 'secretKeyRef'] as const) {
    const ref = valueFrom[source];
    if (ref) faults.push(...requiredForm(`${here}.${source}.key`, ref.key, validateConfigKey));
  }
  return faults;
}

function validateEnvFrom({ prefix, configMapRef, secretRef }: EnvFromSource, path: string): FieldError[] {
  const faults = prefix ? invalidFor(`${path}.prefix`, prefix, validateEnvVarName(prefix)) : [];
  if (configMapRef && secretRef)
    faults.push(fieldInvalid(path, '', 'may not have more than one field specified at a time'));
  if (!configMapRef && !secretRef)
    faults.push(fieldInvalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
  return faults;
}

function validateMounts(mounts: readonly VolumeMount[], path: string, volumes: ReadonlySet<string>): FieldError[] {
  const places = new Set<string>();
  return mounts.flatMap(({ name, mountPath, subPath, subPathExpr }, i) => {
    const here = `${path}[${i}]`;
    const faults: FieldError[] = [];
    if (!name) faults.push(fieldRequired(`${here}.name`));
    else if (!volumes.has(name)) faults.push(fieldNotFound(`${here}.name`, name));
    if (!mountPath) faults.push(fieldRequired(`${here}.mountPath`));
    else if (places.has(mountPath)) faults.push(fieldInvalid(`${here}.mountPath`, mountPath, 'must be unique'));
    places.add(mountPath);
    if (subPath && subPathExpr)
      faults.push(fieldInvalid(`${here}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
    return [...faults, ...stayBelow(subPath, `${here}.subPath`), ...stayBelow(subPathExpr, `${here}.subPathExpr`)];
  });
}

/** A path that cannot leave where it starts. */
export function stayBelow(path: string | undefined, field: string): FieldError[] {
  if (!path) return [];
  const faults: FieldError[] = [];
  if (path.startsWith('/')) faults.push(fieldInvalid(field, path, 'must be a relative path'));
  if (path.split('/').includes('..')) faults.push(fieldInvalid(field, path, "must not contain '..'"));
  return faults;
}
