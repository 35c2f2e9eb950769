import { allVerbs, define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { CoreEvent } from '../../types.ts';
import { eventColumns } from './event.columns.ts';
import { validateEvent } from './event.validation.ts';

export const eventTtlSeconds = 3600;

export const eventResource = define<CoreEvent>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  schema: apiSchema('core/v1', 'Event'),
  verbs: allVerbs,
  // compat: names of events are not looked at but for this.
  nameFormat: 'pathSegment',
  ttlSeconds: eventTtlSeconds,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  selectableFields: {
    'involvedObject.kind': (event) => event.involvedObject?.kind ?? '',
    'involvedObject.namespace': (event) => event.involvedObject?.namespace ?? '',
    'involvedObject.name': (event) => event.involvedObject?.name ?? '',
    'involvedObject.uid': (event) => event.involvedObject?.uid ?? '',
    'involvedObject.apiVersion': (event) => event.involvedObject?.apiVersion ?? '',
    'involvedObject.resourceVersion': (event) => event.involvedObject?.resourceVersion ?? '',
    'involvedObject.fieldPath': (event) => event.involvedObject?.fieldPath ?? '',
    reason: (event) => event.reason ?? '',
    reportingComponent: (event) => event.reportingComponent ?? '',
    source: (event) => event.source?.component || event.reportingComponent || '',
    type: (event) => event.type ?? '',
  },
  validate: validateEvent,
  columns: eventColumns,
  example: {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'web-1.17f', namespace: 'default' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'web-1', apiVersion: 'v1' },
    reason: 'Started',
    message: 'Started container web',
    source: { component: 'kubelet', host: 'worker-1' },
    firstTimestamp: '2026-11-24T10:00:00Z',
    lastTimestamp: '2026-11-24T10:00:00Z',
    count: 1,
    type: 'Normal',
    reportingComponent: 'kubelet',
    reportingInstance: 'worker-1',
  },
});
