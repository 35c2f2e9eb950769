import { expect, it } from 'vitest';
import { LONGEST_SIZE, ResizeEvents } from './channels.ts';

const size = '{"Width":80,"Height":24}';

it.each<[string, Buffer | string, boolean]>([
  ['a size', size, true],
  ['a size in bytes', Buffer.from(size), true],
  ['one with room around it', size.padEnd(LONGEST_SIZE), true],
  ['what is longer than any size', size.padEnd(LONGEST_SIZE + 1), false],
  ['the same in bytes', Buffer.from(size.padEnd(LONGEST_SIZE + 1)), false],
  ['no JSON', '{"Width":80', false],
  ['no numbers', '{"Width":"80","Height":"24"}', false],
  ['a terminal that is not there yet', '{"Width":0,"Height":0}', false],
])('%s: %s is taken: %s', (_, said, isTaken) => {
  const resize = new ResizeEvents();
  resize.accept(said);
  const sizes: object[] = [];
  resize.onResize((each) => sizes.push(each));
  expect(sizes).toEqual(isTaken ? [{ columns: 80, rows: 24 }] : []);
});
