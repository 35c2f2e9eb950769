import { describe, expect, it } from 'vitest';
import { type Line, linesOf, withoutOwn } from './take.ts';

const piece = (at: number, text: string): Line => ({ at, text });

describe('the lines of what came out of a terminal', () => {
  it.each<[string, Line[], Line[]]>([
    ['a line that came in one piece', [piece(5, 'one\r\n')], [piece(5, 'one')]],
    ['several of one piece', [piece(5, 'one\r\n\r\ntwo\r\n')], [piece(5, 'one'), piece(5, ''), piece(5, 'two')]],
    [
      'one whose end came later',
      [piece(5, 'o'), piece(7, 'n'), piece(9, 'e\r\ntwo\n')],
      [piece(9, 'one'), piece(9, 'two')],
    ],
    ['one that never ended', [piece(5, 'one\r\nt'), piece(8, 'wo')], [piece(5, 'one'), piece(8, 'two')]],
    [
      'a return that came before its new line',
      [piece(5, 'one\r'), piece(6, '\ntwo\r\n')],
      [piece(6, 'one'), piece(6, 'two')],
    ],
    ['nothing', [], []],
  ])('has %s', (_what, pieces, lines) => expect(linesOf(pieces)).toEqual(lines));

  it.each(['\x1b[2Kone\r\n', 'half\rwhole\r\n', 'a\tb\r\n'])('is none where something moves the cursor: %j', (text) => {
    expect(() => linesOf([piece(1, text)])).toThrow('cannot be recorded');
  });
});

it('neither the home nor a link that opens something is told', () => {
  const text = 'see /tmp/x/.kube and https://127.0.0.1:6443/ui/#link=a1-B2_c3 for it';
  expect(withoutOwn(text, '/tmp/x')).toBe('see ~/.kube and https://127.0.0.1:6443/ui/#link=… for it');
});
