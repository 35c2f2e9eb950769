import type { Container, ContainerPort } from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, requiredOneOf } from '@kubernest/definitions';
import {
  type FieldError,
  fieldDuplicate,
  fieldInvalid,
  fieldRequired,
  validatePortName,
  validatePortNumber,
} from '@kubernest/meta';
import { protocols } from './address.validation.ts';

export function validatePorts(ports: readonly ContainerPort[], path: string): FieldError[] {
  const names = new Set<string>();
  return faultsOfEach(ports, ({ name, containerPort, hostPort, protocol }, i) => {
    const here = `${path}[${i}]`;
    const faults = name ? invalidFor(`${here}.name`, name, validatePortName(name)) : [];
    if (name && faults.length === 0) {
      if (names.has(name)) faults.push(fieldDuplicate(`${here}.name`, name));
      names.add(name);
    }
    if (containerPort)
      faults.push(...invalidFor(`${here}.containerPort`, containerPort, validatePortNumber(containerPort)));
    else faults.push(fieldRequired(`${here}.containerPort`));
    if (hostPort) faults.push(...invalidFor(`${here}.hostPort`, hostPort, validatePortNumber(hostPort)));
    return [...faults, ...requiredOneOf(`${here}.protocol`, protocol, protocols)];
  });
}

/** A port of the machine can be had once. */
export function validateHostPorts(containers: readonly Container[], path: string): FieldError[] {
  const taken = new Set<string>();
  return faultsOfEach(containers, ({ ports = [] }, i) =>
    faultsOfEach(ports, ({ protocol, hostIP, hostPort }, j) => {
      if (!hostPort) return [];
      const key = `${protocol}/${hostIP ?? ''}/${hostPort}`;
      if (taken.has(key)) return [fieldDuplicate(`${path}[${i}].ports[${j}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}

/** On the host network a container's port is the machine's. A template may leave the host's port to the pods made from it. */
export function validateHostNetworkPorts(
  containers: readonly Container[],
  path: string,
  isTemplate: boolean,
): FieldError[] {
  return faultsOfEach(containers, ({ ports = [] }, i) =>
    faultsOfEach(ports, ({ containerPort = 0, hostPort = 0 }, j) => {
      const fits = hostPort === containerPort || (isTemplate && hostPort === 0);
      const why = 'must match `containerPort` when `hostNetwork` is true';
      return fits ? [] : [fieldInvalid(`${path}[${i}].ports[${j}].hostPort`, hostPort, why)];
    }),
  );
}
