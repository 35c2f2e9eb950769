import { expect, it } from 'vitest';
import { dialWords } from './dial-words.ts';

const fault = (code: string, message = `${code} of the system`) => Object.assign(new Error(message), { code });

it.each([
  [fault('ECONNREFUSED'), '10.0.0.1', 'dial tcp 10.0.0.1:80: connect: connection refused'],
  [fault('ECONNREFUSED'), 'fd00::1', 'dial tcp [fd00::1]:80: connect: connection refused'],
  [fault('ETIMEDOUT'), 'h', 'dial tcp h:80: connect: connection timed out'],
  [fault('EHOSTUNREACH'), 'h', 'dial tcp h:80: connect: no route to host'],
  [fault('ENOTFOUND'), 'h', 'dial tcp: lookup h: no such host'],
  [fault('ECONNRESET'), 'h', 'read tcp h:80: connection reset by peer'],
  [fault('ECONNRESET', 'socket hang up'), 'h', 'EOF'],
  [new AggregateError([fault('ECONNREFUSED')]), 'h', 'dial tcp h:80: connect: connection refused'],
  [new Error('anything else'), 'h', 'anything else'],
])('%s of %s is worded as Go does', (error, host, words) => {
  expect(dialWords(error, { host, port: 80 })).toBe(words);
});
