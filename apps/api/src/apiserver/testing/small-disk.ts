import type { Clock } from '@kubernest/kit';
import { type Store, StoreFullError } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { storeWith } from '@kubernest/testkit/server';

/** A store on a disk that fills and empties as the spec says. */
export function smallDisk(clock: Clock): { store: Store; disk: { full: boolean } } {
  const inner = memoryStore({ clock });
  const disk = { full: false };
  const commit: Store['commit'] = async (transaction, ctx) => {
    if (disk.full) throw new StoreFullError('no room');
    return await inner.commit(transaction, ctx);
  };
  return { store: storeWith(inner, { commit }), disk };
}
