import { expect, it } from 'vitest';
import { unusedHost } from './engine.ts';

it.each<[string, RegExp]>([
  ['unix:///run/theirs.sock', /^DOCKER_HOST \(unix:\/\/\/run\/theirs\.sock\) is not used: nobody answers there$/],
  [
    'tcp://10.0.0.1:2375',
    /^DOCKER_HOST \(tcp:.*\) is not used: pods need an engine of this machine, at a unix:\/\/ address$/,
  ],
  ['ssh://me@there', /is not used: pods need an engine of this machine/],
])('an engine that the environment names and that is not used is told of: %s', (host, words) => {
  expect(unusedHost(host)).toMatch(words);
});

it('an environment that names none is nothing to tell of', () => {
  expect(unusedHost('')).toBeUndefined();
});
