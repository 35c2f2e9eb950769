import { describe, expect, it } from 'vitest';
import { headBlock, missingFrom, shellBlocks, stepsOf } from './steps.ts';

it('commands are the lines of sh blocks, and what they show is commented below them', () => {
  const markdown =
    'Text\n\n```sh\none\n# first\n# second\n\n  two | three\n```\n\n```yaml\nno: command\n```\n\n```sh\nfour\n```\n';
  expect(shellBlocks(markdown).map(stepsOf)).toEqual([
    [
      { command: 'one', shows: ['first', 'second'] },
      { command: 'two | three', shows: [] },
    ],
    [{ command: 'four', shows: [] }],
  ]);
});

it('in a file they are indented in the comment at its head, and nowhere else', () => {
  const yaml = '# What it is.\n#\n#   one\n#   # first\nkind: Pod\n#   two\n';
  expect(stepsOf(headBlock(yaml))).toEqual([{ command: 'one', shows: ['first'] }]);
  expect(headBlock('kind: Pod\n')).toBe('');
});

it('what is shown before any command is refused', () => {
  expect(() => stepsOf('# first\none\n')).toThrow('"# first" is below no command');
});

describe('an output', () => {
  const output = 'NAME   READY\nweb-1  1/1\nweb-2  0/1\n';
  it.each([[[]], [['NAME READY']], [['web-1 1/1', 'web-2 0/1']], [['web-… 1/1', '… 0/1']], [['web-…']]])(
    'shows %j',
    (shows) => {
      expect(missingFrom(output, { command: '', shows })).toBeUndefined();
    },
  );

  it.each([
    [['web'], 'web'],
    [['web-.'], 'web-.'],
    [['web-2 0/1', 'web-1 1/1'], 'web-1 1/1'],
    [['web-1 1/1', 'web-1 1/1'], 'web-1 1/1'],
    [['READY'], 'READY'],
    [['web-… 2/2'], 'web-… 2/2'],
  ])('does not show %j', (shows, missing) => {
    expect(missingFrom(output, { command: '', shows })).toBe(missing);
  });
});
