import { builtinKinds } from '@kubernest/kinds';
import { apiVersionOf, type KubeObject } from '@kubernest/meta';
import { admin, type TestCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { example, isFreelyNamed, placeOf } from './examples.fixture.ts';
import { has, outcomeOf, selectsOne } from './paths.fixture.ts';
import { as, peopledApi } from './people.fixture.ts';

let api: TestCluster;
beforeAll(async () => {
  api = (await peopledApi()).api;
});
afterAll(() => api[Symbol.asyncDispose]());

const watchable = builtinKinds
  .filter((definition) => has(definition, 'watch') && isFreelyNamed(definition))
  .map((definition) => [`${definition.plural} ${apiVersionOf(definition)}`, definition] as const);

describe.each(watchable)('a watch of one name among %s', (_, definition) => {
  beforeAll(async () => {
    for (const name of ['one', 'two']) await api.call(admin, `POST ${placeOf(definition)}`, example(definition, name));
  });

  const label = async (name: string, value: string) => {
    const body = { metadata: { labels: { value } } };
    expect((await api.call(admin, `PATCH ${placeOf(definition)}/${name}`, body)).status).toBe(200);
  };

  /** What is told until a change of `one` is, which comes after one of `two`. */
  async function told(line: string): Promise<readonly string[]> {
    const answer = await api.handle(as('user of one name'), line);
    if (answer.kind !== 'watch') return [outcomeOf(answer)];
    const seen: string[] = [];
    const [began, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const writeBytes = (bytes: Uint8Array): boolean => {
      for (const text of Buffer.from(bytes).toString().trimEnd().split('\n')) {
        const { type, object } = JSON.parse(text) as { readonly type: string; readonly object: KubeObject };
        if (type === 'BOOKMARK') began.resolve();
        else seen.push(`${type} ${object.metadata.name}`);
        if (type === 'MODIFIED' && object.metadata.name === 'one') ended.resolve();
      }
      return true;
    };
    const stop = new AbortController();
    const run = answer.run({ writeBytes }, { ...api.ctx, signal: stop.signal });
    await began.promise;
    for (const name of ['two', 'one']) await label(name, `${seen.length}-${line.length}`);
    await ended.promise;
    stop.abort();
    await run;
    return seen;
  }

  const initial = 'sendInitialEvents=1&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1';
  it.each([
    ['by its path', `GET ${placeOf(definition, '/watch')}/one?${initial}`],
    ['by its path and a selector', `GET ${placeOf(definition, '/watch')}/one?${selectsOne}&${initial}`],
    ['by a selector', `GET ${placeOf(definition)}?watch=1&${selectsOne}&${initial}`],
  ])('shows that one alone, %s', async (_how, line) => {
    expect(await told(line)).toEqual(['ADDED one', 'MODIFIED one']);
  });

  it('cannot select another', async () => {
    const answer = await api.call(
      as('user of one name'),
      `GET ${placeOf(definition, '/watch')}/one?fieldSelector=metadata.name%3Dtwo`,
    );
    expect([answer.status, answer.object.message]).toEqual([
      400,
      "fieldSelector metadata.name doesn't match requested name",
    ]);
  });
});
