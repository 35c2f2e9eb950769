import { describe, expect, it } from 'vitest';
import { Recent } from './recent.ts';

describe('what was made of texts lately', () => {
  const counted = () => {
    const made: string[] = [];
    const make = (text: string): { readonly text: string } => {
      made.push(text);
      return { text };
    };
    return { made, make };
  };

  it('is made once, and is the same then', () => {
    const { made, make } = counted();
    const recent = new Recent<{ readonly text: string }>();
    expect(recent.of('a', make)).toBe(recent.of('a', make));
    expect(made).toEqual(['a']);
  });

  it('is not kept where the text is long', () => {
    const { made, make } = counted();
    const recent = new Recent<{ readonly text: string }>();
    const text = 'x'.repeat(257);
    recent.of(text, make);
    expect(recent.of(text, make).text).toBe(text);
    expect(made).toHaveLength(2);
  });

  it('is forgotten rather than kept without end, and made again', () => {
    const { made, make } = counted();
    const recent = new Recent<{ readonly text: string }>();
    for (let i = 0; i <= 4096; i++) recent.of(`${i}`, make);
    expect(recent.of('0', make).text).toBe('0');
    expect(made).toHaveLength(4098);
  });

  it('holds nothing of what could not be made', () => {
    const recent = new Recent<string>();
    const fail = (): string => {
      throw new Error('no');
    };
    expect(() => recent.of('a', fail)).toThrow('no');
    expect(recent.of('a', () => 'yes')).toBe('yes');
  });
});
