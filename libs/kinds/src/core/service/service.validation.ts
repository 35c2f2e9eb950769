import {
  type FieldError,
  fieldNotSupported,
  fieldRequired,
  validateDns1123Label,
  validatePortNumber,
} from '@kubernest/meta';
import { duplicates, immutable, invalidFor } from '../../faults.ts';
import type { Service } from '../../types.ts';
import { validateLabels } from '../types/metadata.validation.ts';
import { validateTarget } from '../types/probe.validation.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const affinities = ['ClientIP', 'None'];

export function validateService({ spec }: Service): FieldError[] {
  if (!spec) return [fieldRequired('spec')];
  const { ports = [], type = 'ClusterIP', sessionAffinity = 'None', selector, clusterIP, externalName } = spec;
  const faults: FieldError[] = types.includes(type) ? [] : [fieldNotSupported('spec.type', type, types)];
  if (!affinities.includes(sessionAffinity))
    faults.push(fieldNotSupported('spec.sessionAffinity', sessionAffinity, affinities));
  if (type === 'ExternalName') {
    if (!externalName) faults.push(fieldRequired('spec.externalName'));
  } else if (ports.length === 0 && clusterIP !== 'None') faults.push(fieldRequired('spec.ports'));
  for (const [i, { name, port, targetPort }] of ports.entries()) {
    const here = `spec.ports[${i}]`;
    if (name) faults.push(...invalidFor(`${here}.name`, name, validateDns1123Label(name)));
    else if (ports.length > 1) faults.push(fieldRequired(`${here}.name`));
    faults.push(
      ...invalidFor(`${here}.port`, port, validatePortNumber(port)),
      ...validateTarget(targetPort, `${here}.targetPort`),
    );
  }
  return [
    ...faults,
    ...duplicates(
      ports,
      (port) => port.name,
      (i) => `spec.ports[${i}].name`,
    ),
    ...duplicates(
      ports,
      ({ port, protocol }) => `${protocol}/${port}`,
      (i) => `spec.ports[${i}]`,
    ),
    ...validateLabels(selector, 'spec.selector'),
  ];
}

/** An address, once given, stays while the service has one. */
export function validateServiceUpdate({ spec }: Service, old: Service): FieldError[] {
  const before = old.spec?.clusterIP;
  if (!before || old.spec?.type === 'ExternalName' || spec?.type === 'ExternalName') return [];
  return spec?.clusterIP === before ? [] : [immutable('spec.clusterIP', spec?.clusterIP)];
}
