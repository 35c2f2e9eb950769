import { allVerbs, define } from '@kubernest/definitions';
import { eventColumns } from '../../core/event/event.columns.ts';
import { eventTtlSeconds } from '../../core/event/event.resource.ts';
import { validateStrictEvent, validateStrictEventUpdate } from '../../core/event/event.validation.ts';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { CoreEvent, EventsEvent } from '../../types.ts';
import { convertEvents } from './event.conversion.ts';

const coreForm = (event: EventsEvent): CoreEvent => convertEvents([event], 'v1')[0] as CoreEvent;

export const eventsEventResource = define<EventsEvent>({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  schema: apiSchema('events/v1', 'Event'),
  verbs: allVerbs,
  storage: { group: '', plural: 'events', apiVersion: 'v1', convert: convertEvents },
  ttlSeconds: eventTtlSeconds,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  selectableFields: {
    'regarding.kind': (event) => event.regarding?.kind ?? '',
    'regarding.namespace': (event) => event.regarding?.namespace ?? '',
    'regarding.name': (event) => event.regarding?.name ?? '',
    'regarding.uid': (event) => event.regarding?.uid ?? '',
    'regarding.apiVersion': (event) => event.regarding?.apiVersion ?? '',
    'regarding.resourceVersion': (event) => event.regarding?.resourceVersion ?? '',
    'regarding.fieldPath': (event) => event.regarding?.fieldPath ?? '',
    reason: (event) => event.reason ?? '',
    reportingController: (event) => event.reportingController ?? '',
    type: (event) => event.type ?? '',
  },
  validate: (event, ctx) => validateStrictEvent(coreForm(event), ctx),
  validateUpdate: (event, old) => validateStrictEventUpdate(coreForm(event), coreForm(old)),
  columns: eventColumns.map(({ cell, making: _, ...column }) => ({
    ...column,
    cell: (event, now) => cell(coreForm(event), now),
  })),
  example: {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'web-1.18a', namespace: 'default' },
    eventTime: '2026-11-24T10:00:00.000000Z',
    reportingController: 'example.test/watcher',
    reportingInstance: 'watcher-0',
    action: 'Looking',
    reason: 'Seen',
    regarding: { kind: 'Pod', namespace: 'default', name: 'web-1', apiVersion: 'v1' },
    note: 'Pod was seen',
    type: 'Normal',
  },
});
