import { fenceOf } from '@kubernest/apiserver/contract';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { describe, expect, it } from 'vitest';

const pods = '/api/v1/namespaces/default/pods';
const pod = (name: string) => ({ metadata: { name }, spec: { containers: [{ name: 'c', image: 'i' }] } });
const header = (transitions: number) => ({ 'kubernest-fence': `kube-system/leader=u-1/${transitions}` });

/** A server whose leader is in the given term, with a pod. */
async function ledServer(transitions: number): Promise<TestServer> {
  const server = await testServer();
  const { key, token } = fenceOf('leader', 'u-1', transitions);
  const write = { op: 'put', key, value: Buffer.from(token) } as const;
  await server.server.core.store.commit({ conditions: [], writes: [write] }, server.ctx);
  await server.call(`POST ${pods}`, pod('web'));
  return server;
}

const strategic = { 'content-type': 'application/strategic-merge-patch+json' };
const apply = { 'content-type': 'application/apply-patch+yaml' };
const writes: readonly [string, string, unknown, Record<string, string>, number][] = [
  ['a create', `POST ${pods}`, pod('new'), {}, 201],
  ['an update', `PUT ${pods}/web`, { ...pod('web'), metadata: { name: 'web', labels: { a: 'b' } } }, {}, 200],
  ['a patch', `PATCH ${pods}/web`, { metadata: { labels: { a: 'b' } } }, strategic, 200],
  [
    'an apply',
    `PATCH ${pods}/web?fieldManager=me&force=true`,
    { apiVersion: 'v1', kind: 'Pod', ...pod('web') },
    apply,
    200,
  ],
  [
    'an apply of what is not there',
    `PATCH ${pods}/new?fieldManager=me`,
    { apiVersion: 'v1', kind: 'Pod', ...pod('new') },
    apply,
    201,
  ],
  ['a change of status', `PATCH ${pods}/web/status`, { status: { phase: 'Running' } }, strategic, 200],
  ['a delete', `DELETE ${pods}/web`, { gracePeriodSeconds: 0 }, {}, 200],
  ['a delete of all', `DELETE ${pods}`, { gracePeriodSeconds: 0 }, {}, 200],
];

describe('a write under a fence', () => {
  it.each(writes)('is made in its term: %s', async (_, line, body, headers, status) => {
    await using server = await ledServer(3);
    expect((await server.call(line, body, { ...headers, ...header(3) })).status).toBe(status);
  });

  it.each(writes)('is refused once another leads, and leaves nothing: %s', async (_, line, body, headers) => {
    await using server = await ledServer(4);
    const before = (await server.call(`GET ${pods}`)).object;
    const { status, object } = await server.call(line, body, { ...headers, ...header(3) });
    expect([status, object.reason]).toEqual([409, 'Conflict']);
    expect(object.message).toBe(
      'Operation cannot be fulfilled on leases.coordination.k8s.io "kube-system/leader": another leader has taken over; this write came too late',
    );
    expect((await server.call(`GET ${pods}`)).object).toEqual(before);
  });

  it('is refused when its Lease was made anew with the same count', async () => {
    await using server = await ledServer(0);
    const fence = { 'kubernest-fence': 'kube-system/leader=u-0/0' };
    expect((await server.call(`POST ${pods}`, pod('new'), fence)).status).toBe(409);
  });

  it('is refused when nobody ever led', async () => {
    await using server = await testServer();
    expect((await server.call(`POST ${pods}`, pod('new'), header(0))).status).toBe(409);
  });

  it.each([
    ['no proof', 'rubbish', 'must be <namespace>/<lease>=<uid>/<transitions>, got "rubbish"'],
    ['no count', 'kube-system/leader=u-1/x', 'must be <namespace>/<lease>=<uid>/<transitions>'],
    ['a Lease elsewhere', 'default/leader=u-1/3', 'only Leases in kube-system fence writes, not default/leader'],
  ])('is a bad request with %s in its header', async (_, fence, message) => {
    await using server = await ledServer(3);
    const { status, object } = await server.call(`POST ${pods}`, pod('new'), { 'kubernest-fence': fence });
    expect(status).toBe(400);
    expect(object.message).toContain(message);
  });

  it('on a read means nothing', async () => {
    await using server = await ledServer(4);
    expect((await server.call(`GET ${pods}/web`, undefined, header(3))).status).toBe(200);
  });
});
