import { builtinKinds } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { example, nameFor, placeOf } from './examples.fixture.ts';
import { as, peopledApi } from './people.fixture.ts';

let api: TestCluster;
beforeAll(async () => {
  api = (await peopledApi()).api;
});
afterAll(() => api[Symbol.asyncDispose]());

const asApply = { 'content-type': 'application/apply-patch+yaml' };

/** Every request that makes an object where none is, and who may send it but for its making one. */
const creations = builtinKinds
  .filter(({ virtual }) => !virtual)
  .flatMap((definition) => {
    const place = `${placeOf(definition)}/${nameFor(definition, 'fresh')}?fieldManager=me`;
    const applied = { definition, who: 'patcher', headers: asApply, line: `PATCH ${place}` };
    const replaced = { definition, who: 'updater', headers: {}, line: `PUT ${place}` };
    return definition.allowCreateOnUpdate ? [applied, replaced] : [applied];
  });

describe.each(creations)('$line where nothing is', ({ definition, who, headers, line }) => {
  const send = (identity: string, dryRun: string) =>
    api.call(as(identity, headers), `${line}${dryRun}`, example(definition, 'fresh'));

  it(`asks a ${who} for create`, async () => {
    const before = await api.store.currentRevision(api.ctx);
    for (const dryRun of ['', '&dryRun=All']) {
      const { status, object } = await send(who, dryRun);
      const { group, plural } = definition;
      const why = `"${nameFor(definition, 'fresh')}" is forbidden: User "${who}" cannot create resource "${plural}" in API group "${group}"`;
      expect([status, object.reason, object.message]).toEqual([403, 'Forbidden', expect.stringContaining(why)]);
    }
    expect(await api.store.currentRevision(api.ctx)).toBe(before);
  });

  it('makes one for whoever may', async () => {
    expect((await send('user of the whole cluster', '&dryRun=All')).status).toBe(201);
  });
});
