import { expect, it, onTestFinished, vi } from 'vitest';
import { commandNameVariable } from './command-name.ts';
import { asksForHelp, flagsHelp } from './flags.ts';

it.each([
  [['--help'], true],
  [['--port', '1', '-h'], true],
  [['--port', '1'], false],
  [[], false],
])('%j asks for help: %s', (args, asks) => {
  expect(asksForHelp(args)).toBe(asks);
});

it('tells of every flag, its value and its default', () => {
  const help = flagsHelp('bake', 'Bake bread.', {
    oven: { type: 'string', default: 'hot', value: 'state', what: 'how the oven is' },
    salt: { type: 'boolean', default: false, what: 'with salt' },
    seed: { type: 'string', multiple: true, default: [], value: 'name', what: 'what goes on top' },
  });
  expect(help.split('\n')).toEqual([
    'Usage: kubernest bake [options]',
    '',
    'Bake bread.',
    '',
    'Options:',
    '  --oven <state>  how the oven is (default: hot)',
    '  --salt          with salt',
    '  --seed <name>   what goes on top',
    '  -h, --help      display help for command',
  ]);
});

it('names the program as it was called', () => {
  vi.stubEnv(commandNameVariable, './kubernest');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(flagsHelp('bake', 'Bake bread.', {})).toMatch(/^Usage: \.\/kubernest bake \[options\]\n/);
});
