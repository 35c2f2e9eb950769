import { describe, expect, it } from 'vitest';
import { BodyQueue } from './body-queue.ts';

const { signal } = new AbortController();

/** Work that goes on until all is let go, and the order in which it began. */
class Works {
  readonly begun: string[] = [];
  readonly #asked: Promise<unknown>[] = [];
  #gate = Promise.withResolvers<void>();

  constructor(private readonly queue: BodyQueue) {}

  ask(name: string, task: { readonly bytes?: number; readonly signal?: AbortSignal } = {}): Promise<void> {
    const user = name.split(' ')[0]!;
    const { promise } = this.#gate;
    const asked = this.queue.inTurn({ user, bytes: 1, signal, ...task }, () => {
      this.begun.push(name);
      return promise;
    });
    this.#asked.push(asked.catch(() => {}));
    return asked;
  }

  /** Lets all go that was asked for until now. */
  async finish(): Promise<readonly string[]> {
    this.#gate.resolve();
    this.#gate = Promise.withResolvers();
    await Promise.all(this.#asked);
    return this.begun;
  }
}

const works = (tasks = 100, bytes = 1000) => new Works(new BodyQueue({ tasks, bytes }));

it('users take turns, whoever has many, and those of one come in their order', async () => {
  const all = works();
  for (const name of ['ann 1', 'ann 2', 'ann 3', 'ann 4', 'bob 1', 'bob 2', 'eve 1']) void all.ask(name);
  expect(await all.finish()).toEqual(['ann 1', 'ann 2', 'bob 1', 'eve 1', 'ann 3', 'bob 2', 'ann 4']);
});

describe('what is too much', () => {
  it('of one user is refused to that user alone', async () => {
    const all = works(4);
    const [first, second] = [all.ask('ann 1'), all.ask('ann 2')];
    await expect(all.ask('ann 3')).rejects.toMatchObject({ code: 429 });
    const third = all.ask('bob 1');
    expect(await all.finish()).toEqual(['ann 1', 'ann 2', 'bob 1']);
    await Promise.all([first, second, third]);
    const again = all.ask('ann 3');
    expect((await all.finish()).at(-1)).toBe('ann 3');
    await again;
  });

  it('in bytes is refused as well, but one task of a user’s may be as large as all may', async () => {
    const all = works(100, 10);
    const first = all.ask('ann 1', { bytes: 9 });
    await expect(all.ask('ann 2', { bytes: 1 })).rejects.toMatchObject({ code: 429 });
    await expect(all.ask('bob 1', { bytes: 2 })).rejects.toMatchObject({ code: 429 });
    const second = all.ask('bob 2', { bytes: 1 });
    await all.finish();
    await Promise.all([first, second]);
  });
});

it('who gives up before the turn has no turn, and nobody waits for it', async () => {
  const all = works();
  const gone = new AbortController();
  void all.ask('ann 1');
  const given = all.ask('ann 2', { signal: gone.signal });
  void all.ask('ann 3');
  gone.abort(new Error('gone'));
  await expect(given).rejects.toThrow('gone');
  expect(await all.finish()).toEqual(['ann 1', 'ann 3']);
});
