import { deepFreeze, type KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { eventResource } from '../../core/event/event.resource.ts';
import { convertEvents } from './event.conversion.ts';
import { eventsEventResource } from './event.resource.ts';

const core = deepFreeze(eventResource.example);
const events = deepFreeze(eventsEventResource.example);
const shownAs = (to: string, event: KubeObject): KubeObject => convertEvents([event], to)[0]!;

it('shows an event of the core group under the names of events.k8s.io', () => {
  expect(shownAs('events.k8s.io/v1', core)).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: { name: 'web-1' },
    note: 'Started container web',
    reportingController: 'kubelet',
    deprecatedCount: 1,
    deprecatedSource: { component: 'kubelet', host: 'worker-1' },
  });
});

it('loses nothing on the way there and back, from either side', () => {
  expect(shownAs('v1', shownAs('events.k8s.io/v1', core))).toEqual(core);
  expect(shownAs('events.k8s.io/v1', shownAs('v1', events))).toEqual(events);
});

it('takes events of both versions together, in their order, and leaves alone what is in the version already', () => {
  const converted = convertEvents([events, core], 'v1');
  expect(converted.map(({ apiVersion, metadata }) => [apiVersion, metadata.name])).toEqual([
    ['v1', events.metadata.name],
    ['v1', core.metadata.name],
  ]);
  expect(converted[1]).toBe(core);
});

it('keeps its columns the same in both groups', () => {
  const now = new Date('2026-11-24T10:05:00Z');
  const shown = shownAs('events.k8s.io/v1', core);
  const cells = eventsEventResource.columns!.map((column) => column.cell(shown, now));
  expect(cells).toEqual(eventResource.columns!.map((column) => column.cell(core, now)));
  expect(cells[0]).toBe('5m');
});
