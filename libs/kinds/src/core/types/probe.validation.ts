import {
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  validatePortName,
  validatePortNumber,
} from '@kubernest/meta';
import type { Container, LifecycleHandler, Probe } from 'kubernetes-types/core/v1';
import { exactlyOne, invalidFor, notNegative } from '../../faults.ts';

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];
const handlerWords = { none: 'must specify a handler type', many: 'may not specify more than 1 handler type' };

/** The probes and hooks of a container. */
export function validateProbesAndHooks(container: Container, path: string): FieldError[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return [
    ...validateHandler(lifecycle?.postStart, `${path}.lifecycle.postStart`),
    ...validateHandler(lifecycle?.preStop, `${path}.lifecycle.preStop`),
    ...validateProbe(livenessProbe, `${path}.livenessProbe`),
    ...oneSuccess(livenessProbe, `${path}.livenessProbe`),
    ...validateProbe(readinessProbe, `${path}.readinessProbe`),
    ...endsNoPod(readinessProbe, `${path}.readinessProbe`),
    ...validateProbe(startupProbe, `${path}.startupProbe`),
    ...oneSuccess(startupProbe, `${path}.startupProbe`),
  ];
}

function validateProbe(probe: Probe | undefined, path: string): FieldError[] {
  if (!probe) return [];
  const counts = [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const;
  const { terminationGracePeriodSeconds: grace } = probe;
  return [
    ...validateHandler(probe, path),
    ...counts.flatMap((count) => notNegative(`${path}.${count}`, probe[count])),
    ...(grace !== undefined && grace <= 0
      ? [fieldInvalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0')]
      : []),
  ];
}

const oneSuccess = (probe: Probe | undefined, path: string): FieldError[] =>
  (probe?.successThreshold ?? 1) === 1
    ? []
    : [fieldInvalid(`${path}.successThreshold`, probe?.successThreshold, 'must be 1')];

const endsNoPod = (probe: Probe | undefined, path: string): FieldError[] =>
  probe?.terminationGracePeriodSeconds === undefined
    ? []
    : [
        fieldInvalid(
          `${path}.terminationGracePeriodSeconds`,
          probe.terminationGracePeriodSeconds,
          'must not be set for readinessProbes',
        ),
      ];

function validateHandler(handler: LifecycleHandler | Probe | undefined, path: string): FieldError[] {
  if (!handler) return [];
  const { exec, httpGet, tcpSocket, grpc } = handler as Probe;
  const faults = exactlyOne(handler, handlers, path, handlerWords);
  if (exec && !exec.command?.length) faults.push(fieldRequired(`${path}.exec.command`));
  if (httpGet) {
    if (!httpGet.path) faults.push(fieldRequired(`${path}.httpGet.path`));
    faults.push(...validateTarget(httpGet.port, `${path}.httpGet.port`));
  }
  if (tcpSocket) faults.push(...validateTarget(tcpSocket.port, `${path}.tcpSocket.port`));
  if (grpc) faults.push(...invalidFor(`${path}.grpc.port`, grpc.port, validatePortNumber(grpc.port)));
  return faults;
}

/** A port by number or by name. */
export function validateTarget(port: number | string | undefined, path: string): FieldError[] {
  if (port === undefined) return [fieldRequired(path)];
  return invalidFor(path, port, typeof port === 'number' ? validatePortNumber(port) : validatePortName(port));
}

/** compat: probes and hooks are for containers that stay, which init containers do only when they restart. */
export function forbidProbes(container: Container, path: string): FieldError[] {
  const fields = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;
  return fields
    .filter((field) => container[field] !== undefined)
    .map((field) =>
      fieldForbidden(`${path}.${field}`, 'may not be set for init containers without restartPolicy=Always'),
    );
}
