import { FakeClock, NoAnswerError, silentLogger } from '@kubernest/kit';
import { describe, expect, it } from 'vitest';
import { Looks } from './looks.ts';

const clock = new FakeClock();
const ctx = { signal: new AbortController().signal, clock, log: silentLogger };

/** Answers that come when they are told to; each says of `id` whether it was news. */
function asked(looks: Looks) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const news = looks.look(
    () => promise,
    (_, isNews) => isNews('id'),
    ctx,
  );
  return { answer: resolve, news };
}

describe('an answer about how something stands', () => {
  it('is news', async () => {
    const one = asked(new Looks());
    one.answer();
    expect(await one.news).toBe(true);
  });

  it('is none any more when a later question was answered before', async () => {
    const looks = new Looks();
    const [early, late] = [asked(looks), asked(looks)];
    late.answer();
    expect(await late.news).toBe(true);
    early.answer();
    expect(await early.news).toBe(false);
  });

  it('is news beside an earlier question’s, whose answer came first', async () => {
    const looks = new Looks();
    const [early, late] = [asked(looks), asked(looks)];
    early.answer();
    expect(await early.news).toBe(true);
    late.answer();
    expect(await late.news).toBe(true);
  });

  it('is none when it became known otherwise meanwhile', async () => {
    const looks = new Looks();
    const one = asked(looks);
    looks.known('id');
    const after = asked(looks);
    one.answer();
    expect(await one.news).toBe(false);
    after.answer();
    expect(await after.news).toBe(true);
  });

  it('is not waited for for ever, and hides none by coming late', async () => {
    const looks = new Looks();
    const hanging = asked(looks);
    const failed = expect(hanging.news).rejects.toThrow(NoAnswerError);
    await clock.advance(120_000);
    await failed;
    const one = asked(looks);
    hanging.answer();
    one.answer();
    expect(await one.news).toBe(true);
  });

  it('may fail, and hides no later one', async () => {
    const looks = new Looks();
    await expect(
      looks.look(
        () => Promise.reject(new Error('away')),
        () => {},
        ctx,
      ),
    ).rejects.toThrow('away');
    const one = asked(looks);
    one.answer();
    expect(await one.news).toBe(true);
  });
});
