import { FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { CallPlaces, inPlaces, type Leave } from './call-places.ts';
import type { ApiAnswer, ApiCall } from './client.ts';

const AT_ONCE = 24;
const ctx = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };

/** An event loop that goes round when it is told to. */
class Loop {
  isOver = false;
  #next: (() => void)[] = [];
  #later: (() => void)[] = [];

  readonly parts = {
    isTurnOver: () => this.isOver,
    nextTurn: (begin: () => void) => void this.#next.push(begin),
    after: (_ms: number, begin: () => void) => void this.#later.push(begin),
  };

  async round(): Promise<void> {
    const due = this.#next;
    this.#next = [];
    for (const begin of due) {
      begin();
      await Promise.resolve();
    }
  }

  pass(): void {
    for (const begin of this.#later.splice(0)) begin();
  }
}

function full(loop: Loop): { readonly places: CallPlaces; readonly leaves: readonly Leave[] } {
  const places = new CallPlaces(loop.parts);
  const leaves = Array.from({ length: AT_ONCE }, () => places.enter('busy') as Leave);
  return { places, leaves };
}

function waiting(places: CallPlaces, callers: readonly string[]): readonly string[] {
  const went: string[] = [];
  for (const caller of callers) void Promise.resolve(places.enter(caller)).then(() => went.push(caller));
  return went;
}

it('so many go on at once, and one more when one is done', async () => {
  const loop = new Loop();
  const { places, leaves } = full(loop);
  for (const leave of leaves) expect(leave).toBeTypeOf('function');
  const went = waiting(places, ['a', 'b']);
  await loop.round();
  expect(went).toEqual([]);
  leaves[0]!();
  await loop.round();
  expect(went).toEqual(['a']);
  // What was left is not left again.
  leaves[0]!();
  await loop.round();
  expect(went).toEqual(['a']);
});

it('callers who wait get places in turn', async () => {
  const loop = new Loop();
  const { places, leaves } = full(loop);
  const went = waiting(places, ['many', 'many', 'many', 'lease']);
  for (const leave of leaves.slice(0, 2)) leave();
  await loop.round();
  await loop.round();
  expect(went).toEqual(['many', 'lease']);
});

it('once the turn is over nobody goes on before the event loop has been round', async () => {
  const loop = new Loop();
  const places = new CallPlaces(loop.parts);
  loop.isOver = true;
  const went = waiting(places, ['a', 'b']);
  await loop.round();
  expect(went).toEqual([]);
  loop.isOver = false;
  await loop.round();
  expect(went).toEqual(['a', 'b']);
});

it('calls that wait for somebody else for long hold no place', async () => {
  const loop = new Loop();
  const { places } = full(loop);
  const went = waiting(places, ['a']);
  loop.pass();
  await loop.round();
  expect(went).toEqual(['a']);
});

it('a call that fails or is given up leaves its place', async () => {
  const places = new CallPlaces(new Loop().parts);
  const inner = {
    call: async ({ path }: ApiCall): Promise<ApiAnswer> => {
      if (path === '/fault') throw new Error('no');
      return { status: 200, object: path };
    },
    watch: async () => {},
  };
  const transport = inPlaces(inner, 'somebody', places);
  for (let i = 0; i < AT_ONCE * 2; i++)
    await expect(transport.call({ method: 'GET', path: '/fault' }, ctx)).rejects.toThrow('no');
  expect(await transport.call({ method: 'GET', path: '/well' }, ctx)).toEqual({
    status: 200,
    object: '/well',
  });
});
