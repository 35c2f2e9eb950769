import { expect, it, onTestFinished, vi } from 'vitest';
import { readYaml } from './yaml-text.ts';

it.each([
  ['a: [1\n', 'it is no YAML (line 2, column 1)'],
  ['a: *none\n', 'its aliases (*NAME) cannot be followed'],
  ['a: 1\n---\na: 2\n', 'it holds more than one YAML document'],
  ['a: 1\na: 2\n', 'it is no YAML (line 2, column 1)'],
])('of %j it is said in a few words what is wrong', (text, words) => {
  expect(() => readYaml(text)).toThrow(expect.objectContaining({ message: words }));
});

it('what can be read is read, and no warning of the parser reaches a terminal', () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => void warned.mockRestore());
  expect(readYaml('a: !unknown b # c\n').content).toEqual({ a: 'b' });
  expect(readYaml('').content).toBeNull();
  expect(warned).not.toHaveBeenCalled();
});
