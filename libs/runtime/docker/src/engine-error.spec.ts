import { expect, test } from 'vitest';
import { engineWords } from './engine-error.ts';

test.each<[error: unknown, words: string]>([
  [
    Object.assign(new Error('(HTTP code 404) no such image - x'), { json: { message: 'No such image: x\n' } }),
    'No such image: x',
  ],
  [new Error('(HTTP code 500) server error - Get "https://r/v2/": no such host '), 'Get "https://r/v2/": no such host'],
  [new Error('connect ECONNREFUSED'), 'connect ECONNREFUSED'],
])('%s is told in the engine’s own words', (error, words) => {
  expect(engineWords(error)).toBe(words);
});
