import { type Column, textColumn, wide } from '@kubernest/definitions';
import { ageOf } from '@kubernest/meta';
import type { CoreEvent } from '../../types.ts';

function firstSeen(event: CoreEvent, now: Date): string {
  return ageOf(event.firstTimestamp || event.eventTime, now);
}

function lastSeen(event: CoreEvent, now: Date): string {
  if (event.series) return ageOf(event.series.lastObservedTime, now);
  return event.lastTimestamp ? ageOf(event.lastTimestamp, now) : firstSeen(event, now);
}

function objectText({ involvedObject }: CoreEvent): string {
  const kind = (involvedObject?.kind ?? '').toLowerCase();
  return involvedObject?.name ? `${kind}/${involvedObject.name}` : kind;
}

function sourceText(event: CoreEvent): string {
  const component = event.source?.component || event.reportingComponent;
  const instance = event.source?.host || event.reportingInstance;
  return [component, instance].filter(Boolean).join(', ');
}

/** The columns of an event in its core form, and thereby of either. */
export const eventColumns: readonly Column<CoreEvent>[] = [
  textColumn('Last Seen', 'When it happened last.', lastSeen),
  textColumn('Type', 'Normal or Warning.', (event) => event.type ?? ''),
  textColumn('Reason', 'Why, in one word for machines.', (event) => event.reason ?? ''),
  textColumn('Object', 'What it happened to.', objectText),
  wide(textColumn('Subobject', 'Which part of the object.', (event) => event.involvedObject?.fieldPath ?? '')),
  wide(textColumn('Source', 'Who says so.', sourceText)),
  textColumn('Message', 'What happened, for people.', (event) => (event.message ?? '').trim()),
  wide(textColumn('First Seen', 'When it happened first.', firstSeen)),
  wide(textColumn('Count', 'How often.', (event) => event.series?.count ?? (event.count || 1))),
  wide({ name: 'Name', type: 'string', format: 'name', cell: (event) => event.metadata.name ?? '' }),
];
