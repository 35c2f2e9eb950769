import type { Store } from '@kubernest/store/contract';
import { ctx, Recorder, text } from '../../../libs/store/contract/src/suite/fixture.ts';
import type { History, SeenEvent } from './history.ts';

/** What a watch that starts now sees up to the present. */
export async function eventsAfter(store: Store, after: number): Promise<SeenEvent[]> {
  const watch = new Recorder(store, '/', after);
  const present = await store.currentRevision(ctx);
  if (present > after) await watch.reached(present);
  await watch.stop();
  return watch.events.map((event) =>
    event.type === 'put'
      ? { key: event.entry.key, value: text(event.entry.value), revision: event.entry.revision }
      : { key: event.key, value: null, revision: event.revision },
  );
}

export async function finalOf(store: Store): Promise<History['final']> {
  const { entries } = await store.list('/', {}, ctx);
  return new Map(entries.map((entry) => [entry.key, { value: text(entry.value), revision: entry.revision }]));
}
