import { describe, expect, it } from 'vitest';
import { answerWithin } from './answer-within.ts';
import { FakeClock } from './clock.ts';
import type { Context } from './context.ts';
import { isAborted, NoAnswerError } from './errors.ts';
import { silentLogger } from './logger.ts';

const second = 1_000;

function asking(call: (ctx: Context) => Promise<string>) {
  const clock = new FakeClock();
  const controller = new AbortController();
  const ctx: Context = { signal: controller.signal, clock, log: silentLogger };
  const told: unknown[] = [];
  const asked = answerWithin({ who: 'the engine', limit: 120 * second }, call, ctx).then(
    (answer) => told.push(answer),
    (error: unknown) => told.push(error),
  );
  return { clock, controller, told, asked };
}

const untilAborted = ({ signal }: Context): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

describe('a call that is waited for only so long', () => {
  it('has its answer handed on', async () => {
    const { asked, told, clock } = asking(async () => 'yes');
    await asked;
    expect(told).toEqual(['yes']);
    await clock.advance(1_000 * second);
    expect(told).toEqual(['yes']);
  });

  it.each([
    ['heeds its context', untilAborted],
    ['heeds nothing', () => new Promise<string>(() => {})],
  ])('is given up after that, one that %s', async (_, call) => {
    const { asked, told, clock } = asking(call);
    await clock.advance(119 * second);
    expect(told).toEqual([]);
    await clock.advance(second);
    await asked;
    expect(told).toEqual([new NoAnswerError('the engine did not answer within 120 s')]);
    expect(isAborted(told[0])).toBe(false);
  });

  it('tells the call so', async () => {
    let heard: unknown;
    const { asked, clock } = asking((ctx) => untilAborted(ctx).finally(() => (heard = ctx.signal.reason)));
    await clock.advance(120 * second);
    await asked;
    expect(heard).toBeInstanceOf(NoAnswerError);
  });

  it('is broken off with its caller', async () => {
    const { asked, told, controller } = asking(untilAborted);
    controller.abort('stop');
    await asked;
    expect(told).toEqual(['stop']);
  });
});
