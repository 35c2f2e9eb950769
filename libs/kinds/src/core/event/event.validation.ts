import { immutable, invalidFor, type ValidationContext } from '@kubernest/definitions';
import {
  deepEqual,
  type FieldError,
  fieldInvalid,
  fieldRequired,
  validateDns1123Subdomain,
  validateQualifiedName,
} from '@kubernest/meta';
import type { CoreEvent } from '../../types.ts';

const longest = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

export const validateEvent = (event: CoreEvent): FieldError[] => validateEither(event, 'reportingComponent');

/** Rules of either API, on the core form; they differ in what the reporting controller is called. */
function validateEither(event: CoreEvent, controllerField: string): FieldError[] {
  const namespace = event.metadata.namespace ?? '';
  return [
    ...(event.eventTime ? validateNew(event, controllerField) : validateOld(event)),
    ...invalidFor('namespace', namespace, validateDns1123Subdomain(namespace)),
  ];
}

const wrongNamespace = ({ involvedObject }: CoreEvent): FieldError =>
  fieldInvalid('involvedObject.namespace', involvedObject?.namespace ?? '', 'does not match event.namespace');

function validateOld(event: CoreEvent): FieldError[] {
  const own = event.metadata.namespace ?? '';
  const { namespace } = event.involvedObject ?? {};
  const fits = namespace ? namespace === own : own === '' || own === 'default';
  return fits ? [] : [wrongNamespace(event)];
}

/** An event that says when it happened says all else too. */
function validateNew(event: CoreEvent, controllerField: string): FieldError[] {
  const { reportingComponent = '', involvedObject } = event;
  const own = event.metadata.namespace ?? '';
  const faults: FieldError[] = [];
  if (!involvedObject?.namespace && own !== 'default' && own !== 'kube-system') faults.push(wrongNamespace(event));
  if (!reportingComponent) faults.push(fieldRequired(controllerField));
  faults.push(...invalidFor(controllerField, reportingComponent, validateQualifiedName(reportingComponent)));
  for (const [field, most] of Object.entries(longest) as [keyof typeof longest, number][]) {
    const text = event[field] ?? '';
    if (!text && field !== 'message') faults.push(fieldRequired(field));
    if (Buffer.byteLength(text) > most) faults.push(fieldInvalid(field, '', `can have at most ${most} characters`));
  }
  return faults;
}

/** compat: the newer API is stricter, about new events; what is stored through it is judged in the core form. */
export function validateStrictEvent(event: CoreEvent, { old }: ValidationContext): FieldError[] {
  const faults = validateEither(event, 'reportingController');
  if (old) return faults;
  const mustBeUnset = (field: string): FieldError => fieldInvalid(field, '', 'needs to be unset');
  faults.push(...validateSeries(event));
  if (!event.eventTime) faults.push(fieldRequired('eventTime'));
  if (event.type !== 'Normal' && event.type !== 'Warning')
    faults.push(fieldInvalid('type', '', `has invalid value: ${event.type ?? ''}`));
  for (const field of ['firstTimestamp', 'lastTimestamp', 'count'] as const)
    if (event[field]) faults.push(mustBeUnset(field));
  if (event.source?.component || event.source?.host) faults.push(mustBeUnset('source'));
  return faults;
}

function validateSeries({ series }: CoreEvent): FieldError[] {
  if (!series) return [];
  const faults = (series.count ?? 0) < 2 ? [fieldInvalid('series.count', '', 'should be at least 2')] : [];
  return series.lastObservedTime ? faults : [...faults, fieldRequired('series.lastObservedTime')];
}

const fixed = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
] as const;

/** An event tells what happened: only how often may change afterwards. */
export function validateStrictEventUpdate(event: CoreEvent, old: CoreEvent): FieldError[] {
  const faults = deepEqual(event.series, old.series) ? [] : validateSeries(event);
  for (const field of fixed) {
    if (deepEqual(event[field], old[field])) continue;
    faults.push(immutable(field === 'reportingComponent' ? 'reportingController' : field, event[field] ?? ''));
  }
  return faults;
}
