import { describe, expect, it } from 'vitest';
import { cookieFor, sessionIn } from './sessions.ts';

describe('the cookie', () => {
  it('comes back among others', () => {
    const [pair] = cookieFor('abc').split(';');
    expect(sessionIn(`theme=dark; ${pair}; x=1`)).toBe('abc');
    expect(sessionIn('theme=dark')).toBeUndefined();
    expect(sessionIn(undefined)).toBeUndefined();
  });
});
