import type { CoreEvent, Service } from '@kubernest/kinds';
import { nodePortAvailable, nodePortUnavailable, tellNodePortEvery } from '@kubernest/proxy/contract';

/** What nodes said last of node ports that they do not have, as one line for each Service, newest word first; of Services that are gone, nothing. */
export function missingNodePorts(events: readonly CoreEvent[], services: readonly Service[], now: Date): string[] {
  const living = new Set(services.map(({ metadata }) => metadata?.uid));
  const last = new Map<string, CoreEvent>();
  for (const event of events.toSorted((a, b) => saidAt(a) - saidAt(b))) {
    const { reason, involvedObject, source } = event;
    if (reason !== nodePortUnavailable && reason !== nodePortAvailable) continue;
    last.set([involvedObject.uid, involvedObject.fieldPath, source?.host].join(' '), event);
  }
  return [...last.values()]
    .filter(({ reason, involvedObject }) => reason === nodePortUnavailable && living.has(involvedObject.uid))
    .filter((event) => +now - saidAt(event) < 2 * tellNodePortEvery)
    .toReversed()
    .map(({ involvedObject, message }) => `${involvedObject.namespace}/${involvedObject.name}: ${message}`);
}

const saidAt = ({ lastTimestamp }: CoreEvent): number => Date.parse(lastTimestamp ?? '') || 0;
