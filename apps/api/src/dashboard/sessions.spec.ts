import { FakeClock } from '@kubernest/kit';
import { describe, expect, it } from 'vitest';
import { cookieFor, Passes, sessionIn } from './sessions.ts';

const ann = { username: 'ann', groups: [] };

describe('a pass', () => {
  it('is taken once', () => {
    const passes = new Passes(new FakeClock(), 1_000);
    const code = passes.issue(ann);
    expect(passes.take(code)).toBe(ann);
    expect(passes.take(code)).toBeUndefined();
  });

  it('ends with its time', async () => {
    const clock = new FakeClock();
    const passes = new Passes(clock, 1_000);
    const code = passes.issue(ann);
    await clock.advance(999);
    expect(passes.userOf(code)).toBe(ann);
    await clock.advance(1);
    expect(passes.userOf(code)).toBeUndefined();
    expect(passes.take(code)).toBeUndefined();
  });

  it('makes room for new ones and keeps the newest', () => {
    const passes = new Passes(new FakeClock(), 1_000);
    const codes = Array.from({ length: 1_001 }, () => passes.issue(ann));
    expect(passes.userOf(codes[0]!)).toBeUndefined();
    expect(passes.userOf(codes[1_000]!)).toBe(ann);
  });
});

describe('the cookie', () => {
  it('comes back among others', () => {
    const [pair] = cookieFor('abc').split(';');
    expect(sessionIn(`theme=dark; ${pair}; x=1`)).toBe('abc');
    expect(sessionIn('theme=dark')).toBeUndefined();
    expect(sessionIn(undefined)).toBeUndefined();
  });
});
