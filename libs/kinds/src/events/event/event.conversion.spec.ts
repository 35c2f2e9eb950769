import { expect, it } from 'vitest';
import { eventResource } from '../../core/event/event.resource.ts';
import { eventFromStored, eventToStored } from './event.conversion.ts';
import { eventsEventResource } from './event.resource.ts';

const stored = eventResource.example as never;

it('shows a stored event under the names of events.k8s.io', () => {
  expect(eventFromStored(stored)).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: { name: 'web-1' },
    note: 'Started container web',
    reportingController: 'kubelet',
    deprecatedCount: 1,
    deprecatedSource: { component: 'kubelet', host: 'worker-1' },
  });
});

it('loses nothing on the way there and back, from either side', () => {
  expect(eventToStored(eventFromStored(stored))).toEqual(stored);
  const example = eventsEventResource.example as never;
  expect(eventFromStored(eventToStored(example))).toEqual(example);
});

it('keeps its columns the same in both groups', () => {
  const now = new Date('2026-11-24T10:05:00Z');
  const shown = eventFromStored(stored) as never;
  const cells = eventsEventResource.columns!.map((column) => column.cell(shown, now));
  expect(cells).toEqual(eventResource.columns!.map((column) => column.cell(stored, now)));
  expect(cells[0]).toBe('5m');
});
