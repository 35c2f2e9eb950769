import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());

describe('a binding', () => {
  const bind = (name: string, { metadata, ...body }: { readonly metadata: object }) =>
    space.call(`POST ${pods}/${name}/binding`, { ...body, metadata: { name, ...metadata } });
  const bound = (target: object, metadata: object = {}) => ({ metadata, target });
  const to = (node: string, metadata: object = {}) => bound({ kind: 'Node', name: node }, metadata);

  test('says where a pod runs, once and for good', async () => {
    await space.makePod('bound');
    expect(await bind('bound', to('n1'))).toMatchObject({ status: 201, object: { kind: 'Status', status: 'Success' } });
    const { object } = await space.call(`GET ${pods}/bound`);
    expect(object).toMatchObject({
      metadata: { generation: 1 },
      spec: { nodeName: 'n1' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    });
    expect((await bind('bound', to('n2'))).object).toMatchObject({
      code: 409,
      message: expect.stringContaining('pod bound is already assigned to node "n1"'),
    });
  });

  const noNode = 'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"';
  const noName = 'target.name: Required value';
  test.each<[unknown, string]>([
    [undefined, noName],
    [{}, noName],
    [{ kind: 'Node' }, noName],
    [{ kind: 'Pod', name: 'n' }, noNode],
    [{ kind: 'Pod' }, `[${noNode}, ${noName}]`],
  ])('to %j is refused in Kubernetes’ words', async (target, message) => {
    const { status, object } = await bind('unbound', { metadata: {}, target } as never);
    expect([status, object]).toEqual([
      500,
      { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 },
    ]);
  });

  test('of another pod or of a gated one is refused', async () => {
    await space.makePod('gated', { schedulingGates: [{ name: 'later' }] });
    expect((await bind('unbound', to('n', { uid: 'another' }))).object).toMatchObject({ code: 409 });
    expect((await bind('unbound', to('n', { resourceVersion: '1' }))).object).toMatchObject({ code: 409 });
    expect((await bind('gated', to('n'))).object).toMatchObject({ code: 409 });
    expect((await space.call(`GET ${pods}/unbound`)).object.spec.nodeName).toBeUndefined();
  });
});
