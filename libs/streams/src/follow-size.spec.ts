import { describe, expect, it } from 'vitest';
import { followSize } from './follow-size.ts';

/** A runtime that answers when told to. */
function slowRuntime() {
  const asked: [number, number][] = [];
  let answer: (failure?: Error) => void = () => {};
  const resize = (columns: number, rows: number): Promise<void> => {
    asked.push([columns, rows]);
    return new Promise((done, fail) => {
      answer = (failure) => (failure ? fail(failure) : done());
    });
  };
  const settled = async (failure?: Error): Promise<void> => {
    answer(failure);
    await new Promise((done) => setImmediate(done));
  };
  return { asked, resize, settled };
}

describe('following the size of a terminal', () => {
  it('applies one size at a time, and of those that came meanwhile the last', async () => {
    const runtime = slowRuntime();
    const follow = followSize(runtime.resize);
    for (const columns of [80, 90, 100]) follow({ columns, rows: 24 });
    expect(runtime.asked).toEqual([[80, 24]]);
    await runtime.settled();
    expect(runtime.asked).toEqual([
      [80, 24],
      [100, 24],
    ]);
    await runtime.settled();
    follow({ columns: 120, rows: 40 });
    expect(runtime.asked.at(-1)).toEqual([120, 40]);
  });

  it('goes on after a size that could not be applied', async () => {
    const runtime = slowRuntime();
    const follow = followSize(runtime.resize);
    follow({ columns: 80, rows: 24 });
    follow({ columns: 120, rows: 40 });
    await runtime.settled(new Error('not started yet'));
    expect(runtime.asked.at(-1)).toEqual([120, 40]);
  });
});
