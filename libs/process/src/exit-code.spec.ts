import { TerminalError } from '@kubernest/kit';
import { expect, it, onTestFinished, vi } from 'vitest';
import { commandNameVariable } from './command-name.ts';
import { exitCodeOf, exitCodeOfChild, faultLine, readCommandLine } from './exit-code.ts';

const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};
const fails = (): never => {
  throw new Error('--port is missing');
};

it.each<[string, unknown, number]>([
  ['a stop', new DOMException('ended by SIGINT', 'AbortError'), 0],
  ['a wrong command line', thrownBy(() => readCommandLine('x', fails)), 2],
  ['what no restart mends', new TerminalError('the key is lost'), 78],
  ['any other fault', new Error('no room'), 1],
])('a program that ends by %s says so by its exit code', (_what, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

it('what a program says last begins with how it was called', () => {
  expect(faultLine('agent', new Error('no room'))).toBe('kubernest agent: no room');
  vi.stubEnv(commandNameVariable, './kubernest');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(faultLine('agent', new Error('no room'))).toBe('./kubernest agent: no room');
});

it('a command line that is wrong says what is wanted, and where to read on; one that is right is read', () => {
  expect(() => readCommandLine('agent', fails)).toThrow('--port is missing; see: kubernest agent --help');
  vi.stubEnv(commandNameVariable, './kubernest');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => readCommandLine('agent', fails)).toThrow('see: ./kubernest agent --help');
  expect(readCommandLine('x', () => 7)).toBe(7);
});

it.each<[number | null, NodeJS.Signals | null, number]>([
  [0, null, 0],
  [7, null, 7],
  [null, 'SIGINT', 130],
  [null, 'SIGKILL', 137],
])('of one that handed over, and the other ended with %s, %s: %i', (code, signal, own) => {
  expect(exitCodeOfChild(code, signal)).toBe(own);
});
