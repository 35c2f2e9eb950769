import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { forbidden, isExpired, StatusError } from '@kubernest/meta';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from '../create-client.ts';
import { type HttpTransportOptions, httpTransport } from './http-transport.ts';

const pods = { group: '', version: 'v1', resource: 'pods' };
const controller = new AbortController();
const ctx: Context = { signal: controller.signal, clock: new FakeClock(), log: silentLogger };

async function serve(listener: RequestListener, options: Partial<HttpTransportOptions> = {}) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = httpTransport({ server: address, ...options });
  onTestFinished(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });
  return { transport, client: createClient(transport), server };
}
const json =
  (status: number, body: unknown): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };

describe('the HTTP transport', () => {
  it('throws the Status the server sent: code, reason, message and details', async () => {
    const refused = forbidden({ group: '', resource: 'pods', name: 'a' }, 'no');
    const { client } = await serve(json(403, refused.toStatus()));
    const error = await client
      .resource(pods)
      .fetch({ namespace: 'default', name: 'a' }, ctx)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({ code: 403, reason: 'Forbidden', message: refused.message, details: refused.details });
  });

  it('makes a StatusError of a page that is none', async () => {
    const { client } = await serve((_, response) => {
      response.writeHead(503, { 'content-type': 'text/plain' });
      response.end('starting\n');
    });
    await expect(client.raw({ method: 'GET', path: '/readyz' }, ctx)).rejects.toMatchObject({
      code: 503,
      reason: 'ServiceUnavailable',
      message: 'starting',
    });
  });

  it('asks for metadata where no more is wanted, and tells by which name an answer may be asked for again', async () => {
    const accepts: (string | undefined)[] = [];
    const { client } = await serve((request, response) => {
      accepts.push(request.headers.accept);
      const unchanged = request.headers['if-none-match'] === '"1"';
      response.writeHead(unchanged ? 304 : 200, { 'content-type': 'application/json', etag: '"1"' });
      response.end(unchanged ? undefined : '{"metadata":{"name":"a"},"items":[]}');
    });
    const path = '/apis';
    const first = await client.raw({ method: 'GET', path }, ctx);
    expect(first).toMatchObject({ status: 200, etag: '"1"' });
    const again = await client.raw({ method: 'GET', path, headers: { 'if-none-match': first.etag! } }, ctx);
    expect(again).toEqual({ status: 304, object: undefined, etag: '"1"' });
    const key = { namespace: 'default', name: 'a' };
    await client.metadata(pods).fetch(key, ctx);
    await client.metadata(pods).patch(key, { type: 'merge', body: {} }, {}, ctx);
    await client.metadata(pods).delete(key, {}, ctx);
    await client.metadata(pods).list({}, ctx);
    await client.metadata(pods).deleteCollection({}, {}, ctx);
    const as = (shape: string) => `application/json;as=${shape};g=meta.k8s.io;v=v1,application/json`;
    const [one, many] = [as('PartialObjectMetadata'), as('PartialObjectMetadataList')];
    expect(accepts.slice(2)).toEqual([one, one, one, many, many]);
  });

  describe('of a server that has too much to do', () => {
    /** Refuses so many requests, then answers. */
    const busy = (refusals: number, retryAfter: Record<string, string> = { 'retry-after': '3' }) => {
      const state = { asked: [] as string[] };
      const listener: RequestListener = async (request, response) => {
        let body = '';
        for await (const chunk of request) body += String(chunk);
        state.asked.push(body);
        if (state.asked.length > refusals) return json(200, { metadata: {} })(request, response);
        response.writeHead(429, { 'content-type': 'text/plain', ...retryAfter });
        response.end('Too many requests, please try again later.\n');
      };
      return { state, listener };
    };
    const until = async (what: () => boolean) => {
      while (!what()) await new Promise((resolve) => setImmediate(resolve));
    };

    it('asks again after the time it names, with the same body, as often as client-go', async () => {
      const { state, listener } = busy(10);
      const clock = new FakeClock();
      const { client } = await serve(listener);
      const made = client.resource(pods).create({ metadata: { name: 'a' } } as never, {}, { ...ctx, clock });
      for (let refused = 1; refused <= 10; refused++) {
        await until(() => state.asked.length === refused);
        // The refusal has to arrive before time can pass for it.
        while (state.asked.length === refused) await clock.advance(1000);
      }
      await made;
      expect(new Set(state.asked)).toEqual(new Set(['{"metadata":{"name":"a"}}']));
      expect(state.asked).toHaveLength(11);
    });

    it('takes it for an answer when no time is named', async () => {
      const { state, listener } = busy(1, {});
      const { client } = await serve(listener);
      await expect(client.resource(pods).list({}, ctx)).rejects.toMatchObject({ code: 429, reason: 'TooManyRequests' });
      expect(state.asked).toHaveLength(1);
    });

    it('waits no longer than its caller', async () => {
      const { client } = await serve(busy(Number.POSITIVE_INFINITY).listener);
      const gone = new AbortController();
      const listing = client.resource(pods).list({}, { ...ctx, signal: gone.signal });
      gone.abort(new Error('caller left'));
      await expect(listing).rejects.toThrow('caller left');
    });
  });

  it('sends method, path, query, content type and body as the API wants them', async () => {
    const got: unknown[] = [];
    const { client } = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      got.push([
        request.method,
        request.url,
        request.headers['content-type'],
        request.headers['kubernest-fence'],
        body,
      ]);
      json(200, {})(request, response);
    });
    const fenced = client.fencedBy({ namespace: 'kube-system', name: 'l', uid: 'u-1', transitions: 4 }).resource(pods);
    await fenced.patch(
      { namespace: 'a', name: 'p' },
      { type: 'merge', body: { x: 1 }, subresource: 'status' },
      { fieldManager: 'me', dryRun: true },
      ctx,
    );
    await fenced.list({ namespace: 'a', labelSelector: 'a=b,c', limit: 5 }, ctx);
    await fenced.delete({ namespace: 'a', name: 'p' }, { gracePeriodSeconds: 0, preconditions: { uid: 'u' } }, ctx);
    expect(got).toEqual([
      [
        'PATCH',
        '/api/v1/namespaces/a/pods/p/status?dryRun=All&fieldManager=me',
        'application/merge-patch+json',
        'kube-system/l=u-1/4',
        '{"x":1}',
      ],
      ['GET', '/api/v1/namespaces/a/pods?labelSelector=a%3Db%2Cc&limit=5', undefined, undefined, ''],
      [
        'DELETE',
        '/api/v1/namespaces/a/pods/p',
        'application/json',
        'kube-system/l=u-1/4',
        '{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,"preconditions":{"uid":"u"}}',
      ],
    ]);
  });

  it('reads watch events that are cut anywhere, and ends with the stream', async () => {
    const events = [0, 1, 2].map((n) => ({ type: 'ADDED', object: { metadata: { name: `pöd-${n}` } } }));
    const bytes = Buffer.from(events.map((event) => JSON.stringify(event) + '\n').join(''));
    const { client } = await serve(async (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let at = 0; at < bytes.length; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    const names: unknown[] = [];
    await client.resource(pods).watch({}, (event) => names.push(event.object.metadata.name), ctx);
    expect(names).toEqual(['pöd-0', 'pöd-1', 'pöd-2']);
  });

  it('rejects with the error a watch ends with', async () => {
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    const { client } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(JSON.stringify({ type: 'ERROR', object: status }) + '\n');
    });
    const error = await client
      .resource(pods)
      .watch({ resourceVersion: '1' }, () => {}, ctx)
      .catch((e: unknown) => e);
    expect(isExpired(error)).toBe(true);
  });

  it('tells a broken watch from an ended one', async () => {
    const { client } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"type":"ADD');
      setImmediate(() => response.destroy());
    });
    await expect(client.resource(pods).watch({}, () => {}, ctx)).rejects.toThrow();
  });

  it('ends a call and a watch when the caller is gone', async () => {
    const { client } = await serve(() => {});
    const gone = new AbortController();
    const mine = { ...ctx, signal: gone.signal };
    const both = Promise.allSettled([
      client.resource(pods).list({}, mine),
      client.resource(pods).watch({}, () => {}, mine),
    ]);
    gone.abort(new Error('caller left'));
    expect(await both).toEqual([
      { status: 'rejected', reason: new Error('caller left') },
      { status: 'rejected', reason: new Error('caller left') },
    ]);
  });

  it('reads a token file again after a 401', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'token');
    writeFileSync(file, 'old\n');
    const tokens: unknown[] = [];
    const { client } = await serve(
      (request, response) => {
        tokens.push(request.headers.authorization);
        const ok = request.headers.authorization === 'Bearer new';
        json(ok ? 200 : 401, ok ? { items: [] } : { kind: 'Status', code: 401, reason: 'Unauthorized' })(
          request,
          response,
        );
      },
      { tokenFile: file },
    );
    await expect(client.resource(pods).list({}, ctx)).rejects.toMatchObject({ reason: 'Unauthorized' });
    writeFileSync(file, 'new\n');
    await client.resource(pods).list({}, ctx);
    expect(tokens).toEqual(['Bearer old', 'Bearer old', 'Bearer new']);
  });

  it('names the server that it cannot reach, and refuses what is no address', async () => {
    const { server, transport } = await serve(() => {});
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(transport.call({ method: 'GET', path: '/version' }, ctx)).rejects.toThrow(
      `http://127.0.0.1:${port} cannot be reached`,
    );
    expect(() => httpTransport({ server: 'localhost:6443' })).toThrow('is not the address of an API server');
  });

  it('uses one connection for calls that follow each other', async () => {
    const { server, client } = await serve(json(200, {}));
    let connections = 0;
    server.on('connection', () => connections++);
    for (let i = 0; i < 5; i++) await client.raw({ method: 'GET', path: '/version' }, ctx);
    expect(connections).toBe(1);
  });
});
