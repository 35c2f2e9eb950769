import type { PiecesResponse } from '@kubernest/apiserver/contract';
import { Metrics } from '@kubernest/kit';
import { requestFor, testServer } from '@kubernest/testkit/server';
import { expect, it } from 'vitest';

const maps = '/api/v1/namespaces/one/configmaps';
const map = (name: string, letters = 0) => ({ metadata: { name }, data: { a: 'x'.repeat(letters) } });

function counter() {
  const metrics = new Metrics();
  const told = (name: string, suffix: string): readonly Readonly<Record<string, string | number>>[] =>
    (
      metrics
        .all()
        .find((metric) => metric.name === name)
        ?.samples() ?? []
    )
      .filter(({ metricName }) => metricName.endsWith(suffix))
      .map(({ labels, value }) => ({ ...labels, value }));
  return { metrics, told };
}

it('answers to who reads are counted by their size, also those that go out in pieces', async () => {
  const { metrics, told } = counter();
  await using api = await testServer({ metrics });
  for (const name of ['a', 'b', 'c']) await api.call(`POST ${maps}`, map(name, 400_000));
  const read = async (path: string) => {
    const answer = await api.server.handle(requestFor(`GET ${path}`), api.ctx);
    if (answer.kind === 'bytes') return answer.body.reduce((size, { length }) => size + length, 0);
    let size = 0;
    for await (const { length } of (answer as PiecesResponse).pieces) size += length;
    return size;
  };
  const [one, list, nothing] = [await read(`${maps}/a`), await read(maps), await read(`${maps}/made-up`)];
  expect(list).toBeGreaterThan(1_200_000);
  const named = { group: '', version: 'v1', resource: 'configmaps', subresource: '', component: 'apiserver' };
  const nameless = { ...named, version: '', resource: '' };
  expect(told('apiserver_response_sizes', '_sum')).toEqual([
    { verb: 'GET', scope: 'resource', ...named, value: one },
    { verb: 'LIST', scope: 'namespace', ...named, value: list },
    { verb: 'GET', scope: 'resource', ...nameless, value: nothing },
  ]);
  const within = told('apiserver_response_sizes', '_bucket').filter(({ verb }) => verb === 'LIST');
  expect(within.map(({ le, value }) => [le, value])).toEqual([
    ['1000', 0],
    ['10000', 0],
    ['100000', 0],
    ['1000000', 0],
    ['10000000', 1],
    ['100000000', 1],
    ['1000000000', 1],
    ['+Inf', 1],
  ]);
});

it('of an answer that is broken off, what went out is counted', async () => {
  const { metrics, told } = counter();
  await using api = await testServer({ metrics });
  for (const name of ['a', 'b', 'c']) await api.call(`POST ${maps}`, map(name, 400_000));
  const answer = (await api.server.handle(requestFor(`GET ${maps}`), api.ctx)) as PiecesResponse;
  let first = 0;
  for await (const { length } of answer.pieces) {
    first = length;
    break;
  }
  expect(first).toBeGreaterThan(0);
  expect(told('apiserver_response_sizes', '_sum').map(({ value }) => value)).toEqual([first]);
});

it('admission is counted by what it did, and whether it refused', async () => {
  const { metrics, told } = counter();
  const sees = { on: ['create'], resources: ['configmaps'] } as const;
  const validate = ({ object }: { readonly object: { readonly metadata: { readonly name?: string } } | undefined }) => {
    if (object?.metadata.name === 'no') throw new Error('no');
  };
  await using api = await testServer({
    metrics,
    admission: () => [{ name: 'picky', sees, mutate: () => false, validate } as never],
  });
  await api.call(`POST ${maps}`, map('yes'));
  await api.call(`POST ${maps}`, map('no'));
  await api.call(`DELETE ${maps}/yes`);
  const counts = told('apiserver_admission_step_admission_duration_seconds', '_count');
  expect(counts.map(({ type, operation, rejected, value }) => [type, operation, rejected, value])).toEqual([
    ['admit', 'CREATE', 'false', 2],
    ['validate', 'CREATE', 'false', 1],
    ['validate', 'CREATE', 'true', 1],
    ['admit', 'DELETE', 'false', 1],
    ['validate', 'DELETE', 'false', 1],
  ]);
});
