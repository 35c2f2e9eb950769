import type { KubeObject, WatchEvent } from '@kubernest/meta';
import { type Answer, type TestServer, testServer } from '@kubernest/testkit/server';
import { expect, it } from 'vitest';
import { loopbackTransport } from '../src/loopback-transport.ts';

const pods = '/api/v1/namespaces/d/pods';
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', labels: { app: 'web' }, annotations: { constructor: 'x' } },
  spec: { containers: [{ name: 'c', image: 'i', resources: { limits: { memory: '1024Mi' } } }] },
};
const type = (patch: string) => ({ 'content-type': `application/${patch}` });

/** The objects of the watch cache itself, as those who follow it within the process get them. */
async function followed(api: TestServer, write: () => Promise<Answer>) {
  const seen: KubeObject[] = [];
  const controller = new AbortController();
  const user = { username: 'spec', groups: [] };
  const now = (await api.call(`GET ${pods}`)).object.metadata.resourceVersion;
  const path = `${pods}?watch=1&resourceVersion=${now}`;
  const ctx = { ...api.ctx, signal: controller.signal };
  const onEvent = ({ object }: WatchEvent): void => {
    seen.push(object as KubeObject);
    controller.abort();
  };
  // It may be over before the writer has its answer.
  const watch = loopbackTransport(api.server, user)
    .watch({ method: 'GET', path }, onEvent, ctx)
    .catch(() => {});
  const { text, status } = await write();
  if (status >= 300) throw new Error(text);
  await watch;
  return { object: seen[0]!, text };
}

function unfrozenIn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return !Object.isFrozen(value) || Object.values(value).some(unfrozenIn);
}

const writes: [string, object, Record<string, string>][] = [
  [`POST ${pods}`, pod, {}],
  [`PUT ${pods}/a`, { ...pod, metadata: { name: 'a', labels: { app: 'new' } } }, {}],
  [`PATCH ${pods}/a`, { metadata: { annotations: { a: 'b' } } }, type('merge-patch+json')],
  [`PATCH ${pods}/a`, { metadata: { finalizers: ['x.io/y'] } }, type('strategic-merge-patch+json')],
  [`PATCH ${pods}/a`, [{ op: 'add', path: '/metadata/labels/n', value: '1' }], type('json-patch+json')],
  [
    `PATCH ${pods}/a?fieldManager=me&force=true`,
    { ...pod, metadata: { name: 'a', labels: { owned: 'x' } } },
    type('apply-patch+yaml'),
  ],
  [`PUT ${pods}/a/status`, { ...pod, status: { phase: 'Running' } }, {}],
  [`DELETE ${pods}/a`, {}, {}],
];

it('what was written is what its bytes say, frozen, though nobody decoded them', async () => {
  await using api = await testServer();
  for (const [line, body, headers] of writes) {
    const { object, text } = await followed(api, () => api.call(line, body, headers));
    expect(JSON.stringify(object), line).toBe(text);
    expect(unfrozenIn(object), line).toBe(false);
  }
});
