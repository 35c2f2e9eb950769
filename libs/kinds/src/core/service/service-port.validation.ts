import type { ServicePort, ServiceSpec } from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, optionalForm, requiredOneOf } from '@kubernest/definitions';
import {
  type FieldError,
  fieldDuplicate,
  fieldForbidden,
  fieldRequired,
  validateDns1123Label,
  validatePortNumber,
  validateQualifiedName,
} from '@kubernest/meta';
import { protocols } from '../types/address.validation.ts';
import { validateTarget } from '../types/probe.validation.ts';

export function validatePorts({ ports = [], type }: ServiceSpec): FieldError[] {
  const names = new Set<string>();
  const each = faultsOfEach(ports, (port, i) => {
    const path = `spec.ports[${i}]`;
    const faults = validatePort(port, path);
    if (!port.name && ports.length > 1) faults.unshift(fieldRequired(`${path}.name`));
    if (port.name && names.has(port.name)) faults.push(fieldDuplicate(`${path}.name`, port.name));
    names.add(port.name ?? '');
    return faults;
  });
  return [...each, ...validateNodePorts(ports, type), ...validateUnique(ports)];
}

function validatePort({ name, port = 0, protocol, targetPort, appProtocol }: ServicePort, path: string): FieldError[] {
  return [
    ...optionalForm(`${path}.name`, name || undefined, validateDns1123Label),
    ...invalidFor(`${path}.port`, port, validatePortNumber(port)),
    ...requiredOneOf(`${path}.protocol`, protocol, protocols),
    ...validateTarget(targetPort, `${path}.targetPort`),
    ...optionalForm(`${path}.appProtocol`, appProtocol, validateQualifiedName),
  ];
}

function validateNodePorts(ports: readonly ServicePort[], type: string | undefined): FieldError[] {
  const seen = new Set<string>();
  return faultsOfEach(ports, ({ nodePort, protocol }, i) => {
    if (!nodePort) return [];
    const field = `spec.ports[${i}].nodePort`;
    const faults: FieldError[] =
      type === 'ClusterIP' ? [fieldForbidden(field, "may not be used when `type` is 'ClusterIP'")] : [];
    const key = `${protocol}/${nodePort}`;
    if (seen.has(key)) faults.push(fieldDuplicate(field, nodePort));
    seen.add(key);
    return faults;
  });
}

/** compat: a port given twice is shown in full, as Kubernetes' own type has it. */
function validateUnique(ports: readonly ServicePort[]): FieldError[] {
  const seen = new Set<string>();
  return faultsOfEach(ports, ({ port = 0, protocol = '' }, i) => {
    const key = `${protocol}/${port}`;
    const shown = { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    if (seen.has(key)) return [fieldDuplicate(`spec.ports[${i}]`, shown)];
    seen.add(key);
    return [];
  });
}
