import { Option } from 'commander';
import { expect, it } from 'vitest';
import { givenFlags } from './given-flags.ts';

const flags = [new Option('--port <n>'), new Option('--fast'), new Option('--no-salt'), new Option('--form <form>')];
const given = (options: object, ...names: readonly string[]) =>
  givenFlags<object>(flags, { options, args: [], isGiven: (name) => names.includes(name) });

it('only what was given is given again, and what is switched off stays off', () => {
  expect(given({ port: 7, salt: true, form: 'round' })).toEqual([]);
  expect(given({ port: 7, fast: true, salt: false, form: 'a b' }, 'port', 'fast', 'salt', 'form')).toEqual([
    '--port=7',
    '--fast',
    '--no-salt',
    '--form=a b',
  ]);
  expect(given({ fast: false, salt: true }, 'fast', 'salt')).toEqual([]);
});
