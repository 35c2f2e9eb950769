import type { WatchResponse } from '@kubernest/apiserver/contract';
import { Endings } from '@kubernest/apiserver/storage';
import { turnsTaken } from '@kubernest/kit';
import { requestFor, testServer } from '@kubernest/testkit/server';
import { expect, it } from 'vitest';

it('those that come due together end in their order, some in each turn, with all that follows of their ends', async () => {
  let now = 0;
  const endings = new Endings(() => now);
  const turns: number[][] = [[]];
  const turn = (): void => {
    turns.push([]);
    if (turns.length < 5) setImmediate(turn);
  };
  const end = async (i: number): Promise<void> => {
    turns.at(-1)!.push(i);
    await undefined;
    await undefined;
    now += 2;
  };
  for (let i = 0; i < 9; i++) endings.add(() => void end(i));
  endings.add(() => endings.add(() => void end(9)));
  setImmediate(turn);
  await turnsTaken();
  expect(turns).toEqual([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9], []]);
  endings.add(() => void end(10));
  await turnsTaken();
  expect(turns.at(-1)).toEqual([10]);
});

it('watches end one after the other, however many are due', async () => {
  await using api = await testServer();
  const ended: number[] = [];
  const ends = Array.from({ length: 20 }, async (_, i) => {
    const request = requestFor(`GET /api/v1/configmaps?watch=1&timeoutSeconds=${i < 10 ? 2 : 1}`);
    const watch = (await api.server.handle(request, api.ctx)) as WatchResponse;
    await watch.run({ writeBytes: () => true }, api.ctx);
    ended.push(i);
  });
  await turnsTaken();
  await api.clock.advance(2_000);
  await Promise.all(ends);
  expect(ended).toEqual([
    ...Array(10)
      .keys()
      .map((i) => i + 10),
    ...Array(10).keys(),
  ]);
});
