import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeText } from './safe-text.ts';

it.each([
  ['a title of the terminal', '\u001b]0;mine\u0007', '\\u001b]0;mine\\u0007'],
  ['a cleared screen, in one sign too', '\u001b[2J\u009b2J', '\\u001b[2J\\u009b2J'],
  ['lines of its own', 'a\nkubernest: well\r\tb', 'a\\nkubernest: well\\r\\tb'],
  ['a turned direction and signs that are not seen', 'a\u202eb\u200bc\u2028d', 'a\\u202eb\\u200bc\\u2028d'],
  ['half a sign', 'a\ud800b', 'a\\ud800b'],
  ['plain text', 'ä → "日本" \\n 🎂', 'ä → "日本" \\n 🎂'],
])('%s is text and nothing else', (_what, text, shown) => expect(safeText(text)).toBe(shown));

it('is one line that does nothing, of whatever, and stays the same when it is made safe again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const shown = safeText(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
      expect(safeText(shown)).toBe(shown);
    }),
  );
});

it('of a long text begin and end are left', () => {
  const shown = safeText(`begin ${'x'.repeat(5_000_000)} end`);
  expect(shown).toMatch(/^begin x+ … \(\d+ characters left out\) … x+ end$/);
  expect(shown.length).toBeLessThan(2100);
});
