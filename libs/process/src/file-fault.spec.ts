import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fileFault } from './file-fault.ts';

function faultOf(act: () => unknown): string {
  try {
    return String(act());
  } catch (error) {
    return fileFault(error);
  }
}

it.each<[string, () => unknown]>([
  ['there is no such file or folder', () => readFileSync('/no/such/file')],
  ['it is a folder', () => readFileSync('/')],
  ['what should be a folder in its path is none', () => readFileSync('/etc/passwd/below')],
  ['it is no JSON', () => JSON.parse('{ "torn')],
])('why a file is no use is told without calls and numbers: %s', (words, act) => expect(faultOf(act)).toBe(words));

it('what a parser draws below its words stays out, and what is no fault of a file is told as it is', () => {
  expect(fileFault(new Error('no end at line 1, column 7:\n\nheat: "\n      ^\n'))).toBe('no end at line 1, column 7');
  expect(fileFault(new Error('it is a pipe'))).toBe('it is a pipe');
  expect(fileFault('no room')).toBe('no room');
});
