import { expect, it } from 'vitest';
import { AbandonedSessions } from './abandoned-sessions.ts';

it('whoever stops waits for every abandoned session, and for none that has ended', async () => {
  const sessions = new AbandonedSessions();
  await sessions.ended();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  for (const { promise } of [first, second]) sessions.add(promise);
  let over = false;
  const ended = sessions.ended().then(() => (over = true));
  first.reject(new Error('cannot be found'));
  await new Promise((next) => setImmediate(next));
  expect(over).toBe(false);
  second.resolve();
  await ended;
  sessions.add(Promise.resolve());
  await sessions.ended();
});
