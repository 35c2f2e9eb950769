import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { apiService, backendServer, front, StoredApiServices, trusted } from '../aggregated.fixture.ts';

const trees = '/apis/orchard.example/v1/namespaces/x/trees';

test.each([trees, `${trees}?watch=1`])(
  'a backend that has not answered %s yet is hung up on once its client has closed its side',
  async (path) => {
    const trust = await trusted();
    let asked = (_request: IncomingMessage): void => {};
    const arrived = new Promise<IncomingMessage>((resolve) => (asked = resolve));
    const server = await backendServer(trust, (request) => asked(request));
    const { port } = await front(trust, server, new StoredApiServices(apiService(trust.pki, {})));
    const client = connect(port, '127.0.0.1').on('error', () => {});
    const heard = text(client);
    client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const hungUp = once((await arrived).socket, 'close');
    client.end();
    await hungUp;
    expect(await heard).toMatch(/^HTTP\/1\.1 503 .*context canceled/s);
  },
);
