import type { Store } from '@kubernest/store/contract';
import { ctx, Recorder, text } from '../../../libs/store/contract/src/suite/fixture.ts';
import type { History, SeenEvent } from './history.ts';
import type { WriterProcess } from './writer-process.ts';

/** What a watch that starts now sees up to the present. */
async function eventsAfter(store: Store, after: number): Promise<SeenEvent[]> {
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

async function finalOf(store: Store): Promise<History['final']> {
  const { entries } = await store.list('/', {}, ctx);
  return new Map(entries.map((entry) => [entry.key, { value: text(entry.value), revision: entry.revision }]));
}

/** What each of these writers saw of what all of them did. */
export async function historiesOf(writers: readonly WriterProcess[], store: Store): Promise<readonly History[]> {
  const final = await finalOf(store);
  const attempts = writers.flatMap((writer) => writer.attempts);
  const histories: History[] = [];
  for (const writer of writers) {
    const events = [...writer.events, ...(await eventsAfter(store, writer.seen!))];
    histories.push({ attempts, events, final });
  }
  return histories;
}
