import { metaSchema } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import type { StructSchema } from '@kubernest/meta';
import { expect, it, vi } from 'vitest';
import { builtinCluster } from './shared/builtin-cluster.fixture.ts';

/** The compiled types whose fields somebody looks at from now on. */
function typesLookedAt(): ReadonlySet<string> {
  const names = new Set<string>();
  const struct = Object.getPrototypeOf(metaSchema('ObjectMeta')) as StructSchema;
  const { get } = Object.getOwnPropertyDescriptor(struct, 'fields')!;
  vi.spyOn(struct, 'fields', 'get').mockImplementation(function fields(this: StructSchema) {
    names.add(this.name!);
    return get!.call(this);
  });
  return names;
}

it('a control plane that has started has read no schema of a kind of which there is no object', async () => {
  const lookedAt = typesLookedAt();
  await using cluster = await builtinCluster();
  await cluster.pass(60_000);
  const read = builtinKinds.filter(({ schema }) => lookedAt.has(schema.name!));
  const empty: string[] = [];
  for (const { group, version, plural, kind, virtual } of builtinKinds) {
    const list = () => cluster.admin.resource({ group, version, resource: plural }).list({}, cluster.ctx);
    if (virtual || (await list()).items.length === 0) empty.push(kind);
  }
  const kindsRead = read.map(({ kind }) => kind);
  expect(kindsRead.filter((kind) => empty.includes(kind))).toEqual([]);
  expect([kindsRead, empty]).toEqual([
    expect.arrayContaining(['Namespace', 'ClusterRole']),
    expect.arrayContaining(['Pod', 'TokenReview']),
  ]);
});
