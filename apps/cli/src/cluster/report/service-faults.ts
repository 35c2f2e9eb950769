import type { CoreEvent, Service } from '@kubernest/kinds';
import { lastingWarnings, warnEvery } from '@kubernest/proxy/contract';

/** Something that a Service lacks on a node. */
export interface ServiceFault {
  readonly reason: string;
  readonly words: string;
  /** Of the Service. */
  readonly uid: string;
  /** Which of its node ports, such as `30080/TCP`; absent where it is about the whole Service. */
  readonly nodePort?: string;
  /** Which node. */
  readonly node?: string;
}

/** The reasons of the Events that tell of it, and of its end. */
export const faultReasons: readonly string[] = lastingWarnings.flatMap(({ warning, end }) => [warning, end]);

/** What nodes said last of Services, newest word first, unless it has ended or nobody says it any more; of Services that are gone, nothing. */
export function serviceFaults(
  events: readonly CoreEvent[],
  services: readonly Service[],
  now: Date,
): readonly ServiceFault[] {
  const living = new Set(services.map(({ metadata }) => metadata?.uid));
  const last = new Map<string, CoreEvent>();
  for (const event of events.toSorted((a, b) => saidAt(a) - saidAt(b))) {
    const told = lastingWarnings.find(({ warning, end }) => event.reason === warning || event.reason === end);
    if (told) last.set(subjectOf(told.warning, event), event);
  }
  return [...last.values()]
    .filter(({ reason }) => lastingWarnings.some(({ warning }) => reason === warning))
    .filter((event) => living.has(event.involvedObject.uid) && +now - saidAt(event) < 2 * warnEvery)
    .toReversed()
    .map(({ reason, involvedObject, message, source }) => ({
      reason: reason!,
      words: `${involvedObject.namespace}/${involvedObject.name}: ${message}`,
      uid: involvedObject.uid!,
      nodePort: /^spec\.ports\{(.*)\}$/.exec(involvedObject.fieldPath ?? '')?.[1],
      node: source?.host,
    }));
}

const subjectOf = (warning: string, { involvedObject, source }: CoreEvent): string =>
  [warning, involvedObject.uid, involvedObject.fieldPath, source?.host].join(' ');

const saidAt = ({ lastTimestamp }: CoreEvent): number => Date.parse(lastTimestamp ?? '') || 0;
