import { FakeClock } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { AbandonedSessions } from './abandoned-sessions.ts';

it('whoever stops waits for every abandoned session, and for none that has ended', async () => {
  const sessions = new AbandonedSessions(new FakeClock());
  await sessions.ended();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  for (const { promise } of [first, second]) sessions.add(() => promise);
  let over = false;
  const ended = sessions.ended().then(() => (over = true));
  first.resolve();
  await new Promise((next) => setImmediate(next));
  expect(over).toBe(false);
  second.resolve();
  await ended;
  sessions.add(() => Promise.resolve());
  await sessions.ended();
});

it('what cannot be ended is tried again until it can', async () => {
  const clock = new FakeClock();
  const sessions = new AbandonedSessions(clock);
  let tries = 0;
  const done = Promise.withResolvers<void>();
  sessions.add(async () => {
    if (++tries < 20) throw new Error('cannot be found');
    done.resolve();
  });
  await clock.passUntil(done.promise);
  await clock.advance(3_600_000);
  expect(tries).toBe(20);
});

it('whoever stops does not wait for ever', async () => {
  const clock = new FakeClock();
  const sessions = new AbandonedSessions(clock);
  sessions.add(() => Promise.reject(new Error('cannot be found')));
  await clock.passUntil(sessions.ended());
});
