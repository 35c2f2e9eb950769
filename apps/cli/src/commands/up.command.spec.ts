import { expect, it } from 'vitest';
import { readyWords } from './up.command.ts';

it.each([
  [0, /without a node every pod waits/],
  [1, /^1 simulated node is coming up: .*pods become Ready, and nothing runs in them$/],
  [3, /^3 simulated nodes are coming up: /],
])('a start with %d simulated nodes says what one gets', (hollowNodes, words) => {
  expect(readyWords({ runtime: 'hollow', hollowNodes })).toMatch(words);
});
