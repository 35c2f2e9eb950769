import { InvalidArgumentError } from 'commander';

/** For flags whose value nobody leaves out on purpose: an empty one is a variable that was not set. */
export function notEmpty(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('it is empty');
  return text;
}
