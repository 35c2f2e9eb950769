import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { forwardedHeaders, returnedHeaders } from './forwarded-headers.ts';

const request = {
  host: ['api.example'],
  'content-length': ['39'],
  'transfer-encoding': ['chunked'],
  'content-type': ['text/plain'],
  'x-mine': ['a', 'b'],
  'x-forwarded-for': ['192.0.2.1'],
};
const onward = { host: 'api.example', 'content-type': ['text/plain'], 'x-mine': ['a', 'b'] };

describe('what Connection names', () => {
  test.each([
    ['content-length', onward],
    ['Transfer-Encoding, HOST', onward],
    ['x-mine', { ...onward, 'x-mine': undefined }],
    ['close,X-Mine , content-type', { host: 'api.example' }],
    ['', onward],
  ])('(%s) stays behind, but not who is asked; the framing never travels', (connection, expected) => {
    const { 'x-forwarded-for': by, ...sent } = forwardedHeaders({ ...request, connection: [connection] }, '192.0.2.2');
    expect(by).toBe('192.0.2.1, 192.0.2.2');
    expect(sent).toEqual(expected);
  });

  test('hides not by whom a request was passed on', () => {
    const sent = forwardedHeaders({ ...request, connection: ['x-forwarded-for'] }, '192.0.2.2');
    expect(sent['x-forwarded-for']).toBe('192.0.2.2');
  });

  test.each([
    ['content-length', { 'content-length': '3', etag: 'x' }],
    ['etag', { 'content-length': '3' }],
  ])('(%s) of an answer stays behind, but not its length', (connection, expected) => {
    const lines = { connection: [connection], 'content-length': ['3'], etag: ['x'], 'transfer-encoding': ['chunked'] };
    const answer = { headers: { connection }, headersDistinct: lines } as unknown as IncomingMessage;
    expect(returnedHeaders(answer)).toEqual(expected);
  });
});

test('who a client is, or says to be, stays behind', () => {
  const claims = ['authorization', 'cookie', 'impersonate-user', 'x-remote-user', 'x-remote-uid', 'x-remote-group'];
  const said = Object.fromEntries([...claims, 'x-remote-extra-scopes', 'x-remote-addr'].map((name) => [name, ['x']]));
  expect(forwardedHeaders(said, '')).toEqual({ 'x-remote-addr': ['x'] });
});
