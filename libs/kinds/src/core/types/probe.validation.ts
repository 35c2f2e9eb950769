import type { Container, HTTPGetAction, LifecycleHandler, Probe } from '@kubernest/api-types/core/v1';
import { exactlyOne, invalidFor, notNegative, oneOf } from '@kubernest/definitions';
import {
  append,
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  validateHttpHeaderName,
  validatePortName,
  validatePortNumber,
} from '@kubernest/meta';

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];
const handlerWords = { none: 'must specify a handler type', many: 'may not specify more than 1 handler type' };

/** The probes and hooks of a container that stays. */
export function validateProbesAndHooks(
  container: Container,
  path: string,
  graceSeconds: number | undefined,
): FieldError[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return [
    ...validateHandler(lifecycle?.postStart, `${path}.lifecycle.postStart`, graceSeconds),
    ...validateHandler(lifecycle?.preStop, `${path}.lifecycle.preStop`, graceSeconds),
    ...validateProbe(livenessProbe, `${path}.livenessProbe`),
    ...oneSuccess(livenessProbe, `${path}.livenessProbe`),
    ...validateProbe(readinessProbe, `${path}.readinessProbe`),
    ...endsNoPod(readinessProbe, `${path}.readinessProbe`),
    ...validateProbe(startupProbe, `${path}.startupProbe`),
    ...oneSuccess(startupProbe, `${path}.startupProbe`),
  ];
}

const counts = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function validateProbe(probe: Probe | undefined, path: string): FieldError[] {
  if (!probe) return [];
  const { terminationGracePeriodSeconds: grace } = probe;
  const field = `${path}.terminationGracePeriodSeconds`;
  return [
    ...validateHandler(probe, path, undefined),
    ...counts.flatMap((count) => notNegative(`${path}.${count}`, probe[count])),
    ...(grace !== undefined && grace <= 0 ? [fieldInvalid(field, grace, 'must be greater than 0')] : []),
  ];
}

function oneSuccess(probe: Probe | undefined, path: string): FieldError[] {
  const times = probe?.successThreshold ?? 1;
  return times === 1 ? [] : [fieldInvalid(`${path}.successThreshold`, times, 'must be 1')];
}

function endsNoPod(probe: Probe | undefined, path: string): FieldError[] {
  const grace = probe?.terminationGracePeriodSeconds;
  const field = `${path}.terminationGracePeriodSeconds`;
  return grace === undefined ? [] : [fieldInvalid(field, grace, 'must not be set for readinessProbes')];
}

function validateHandler(
  handler: LifecycleHandler | Probe | undefined,
  path: string,
  graceSeconds: number | undefined,
): FieldError[] {
  if (!handler) return [];
  const faults = exactlyOne(handler, handlers, path, handlerWords);
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler as Probe & LifecycleHandler;
  // Of several only the first is looked at.
  if (exec) {
    if (!exec.command?.length) faults.push(fieldRequired(`${path}.exec.command`));
  } else if (httpGet) append(faults, validateHttpGet(httpGet, `${path}.httpGet`));
  else if (tcpSocket) faults.push(...validateTarget(tcpSocket.port, `${path}.tcpSocket.port`));
  else if (grpc) faults.push(...validateTarget(grpc.port, `${path}.grpc.port`));
  else if (sleep && graceSeconds !== undefined) {
    const { seconds = 0 } = sleep;
    if (seconds < 0 || seconds > graceSeconds) {
      const why = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
      faults.push(fieldInvalid(`${path}.sleep`, seconds, why));
    }
  }
  return faults;
}

function validateHttpGet({ path, port, scheme, httpHeaders = [] }: HTTPGetAction, field: string): FieldError[] {
  return [
    ...(path ? [] : [fieldRequired(`${field}.path`)]),
    ...validateTarget(port, `${field}.port`),
    ...oneOf(`${field}.scheme`, scheme, ['HTTP', 'HTTPS']),
    ...httpHeaders.flatMap(({ name = '' }) => invalidFor(`${field}.httpHeaders`, name, validateHttpHeaderName(name))),
  ];
}

/** A port by number or by name. */
export function validateTarget(port: number | string | undefined, path: string): FieldError[] {
  const target = port ?? 0;
  return invalidFor(path, target, typeof target === 'number' ? validatePortNumber(target) : validatePortName(target));
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
