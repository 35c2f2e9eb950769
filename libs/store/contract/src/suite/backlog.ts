import { describe, expect, it } from 'vitest';
import { MAX_WAITING } from '../backlog.ts';
import { type Store, StoreBusyError, type Write } from '../store.ts';
import { context, ctx, keysOf, type Open, put, withStore, write } from './fixture.ts';

const BEYOND = 100;

export function describeBacklog(open: Open): void {
  describe('more writes at once than may wait', () => {
    it.each<[string, (n: number) => Write, number]>([
      ['by their number', (n) => put(`/${n}`, ''), MAX_WAITING.transactions],
      ['by their bytes', (n) => ({ op: 'put', key: `/${n}`, value: oneMiB }), MAX_WAITING.bytes / oneMiB.length],
    ])(
      '%s: what is too much is refused and not written, the others are, and then there is room again',
      async (_, one, most) => {
        await withStore(open, async ({ store, answersAtOnce }) => {
          const { written, refused } = await writeAtOnce(store, most + BEYOND, one);
          if (!answersAtOnce) expect(refused).toHaveLength(BEYOND);
          const { entries } = await store.list('/', {}, ctx);
          expect(new Set(keysOf(entries))).toEqual(new Set(written));
          await write(store, put('/after'));
        })();
      },
    );

    it(
      'who gives up gives the place back',
      withStore(open, async ({ store }) => {
        const given = new AbortController();
        const order = { conditions: [], writes: [put('/given-up')] };
        const commits = Array.from({ length: MAX_WAITING.transactions }, () =>
          store.commit(order, context(given.signal)),
        );
        const settled = Promise.allSettled(commits);
        given.abort(new Error('given up'));
        await settled;
        let made: number | undefined;
        while (made === undefined) {
          // The store gives places back in turns of the event loop: a refusal alone would give it none.
          await new Promise((resolve) => setImmediate(resolve));
          made = await write(store, put('/after')).catch(orUndefinedWhenBusy);
        }
        expect((await store.get('/after', ctx)).entry?.revision).toBe(made);
      }),
    );
  });
}

function orUndefinedWhenBusy(error: unknown): undefined {
  if (!(error instanceof StoreBusyError)) throw error;
}

const oneMiB = new Uint8Array(1024 * 1024);

async function writeAtOnce(store: Store, count: number, one: (n: number) => Write) {
  const written: string[] = [];
  const refused: string[] = [];
  const commit = async (each: Write) => {
    try {
      await write(store, each);
      written.push(each.key);
    } catch (error) {
      expect(error).toBeInstanceOf(StoreBusyError);
      refused.push(each.key);
    }
  };
  await Promise.all(Array.from({ length: count }, (_, n) => commit(one(n))));
  return { written, refused };
}
