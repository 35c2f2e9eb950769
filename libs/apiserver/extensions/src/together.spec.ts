import { Catalog } from '@kubernest/apiserver/contract';
import { cutOffDialer } from '@kubernest/apiserver/dialer/testing';
import { builtinKinds, type CustomResourceDefinition } from '@kubernest/kinds';
import { FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it, onTestFinished } from 'vitest';
import { type ExtensionsParts, extensions } from './extensions.ts';

type Tell = Parameters<ExtensionsParts['core']['read']['subscribe']>[1];

const definitionOf = (plural: string, resourceVersion: number, uid = plural): CustomResourceDefinition => {
  const names = { plural, singular: plural, kind: plural, listKind: `${plural}List` };
  const conditions = [{ type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: '' }];
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
  return {
    metadata: { name: `${plural}.example.com`, uid, generation: 1, resourceVersion: String(resourceVersion) },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions },
    status: { acceptedNames: names, conditions, storedVersions: ['v1'] },
  } as unknown as CustomResourceDefinition;
};

/** `tell` is what the cache does; what comes of it is there in the next turn. */
async function following() {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const catalog = new Catalog(builtinKinds);
  const [changes, announced]: [string[], string[]] = [[], []];
  catalog.onChange(({ served, gone }) =>
    changes.push([...served.map(({ plural }) => `+${plural}`), ...gone.map(({ plural }) => `-${plural}`)].join(' ')),
  );
  let tell: Tell = () => {};
  const read = {
    list: () => [],
    subscribe: (_: unknown, onChange: Tell) => {
      tell = onChange;
      return () => {};
    },
  } as unknown as ExtensionsParts['core']['read'];
  const parts = {
    core: { read },
    catalog,
    dialer: cutOffDialer(),
    served: (version: string) => announced.push(version),
  };
  await extensions(parts).start({ signal: stop.signal, clock: new FakeClock(), log: silentLogger });
  return { catalog, changes, announced, tell: (...args: Parameters<Tell>) => tell(...args) };
}

it('of many definitions that are told together the catalog changes once, and one word goes out', async () => {
  const { changes, announced, tell } = await following();
  for (let i = 0; i < 100; i++) tell({ object: definitionOf(`kind${i}`, 10 + i), old: undefined });
  await Promise.resolve();
  expect([changes.map((change) => change.split(' ').length), announced]).toEqual([[100], ['109']]);
  tell({ object: definitionOf('later', 200), old: undefined });
  await Promise.resolve();
  expect([changes[1], announced]).toEqual(['+later', ['109', '200']]);
});

it('of several changes of one the last counts', async () => {
  const { catalog, changes, tell } = await following();
  const [first, other] = [definitionOf('lamps', 10), definitionOf('lamps', 12, 'another')];
  tell({ object: first, old: undefined });
  tell({ object: undefined, old: first });
  await Promise.resolve();
  expect(changes).toEqual([]);
  tell({ object: first, old: undefined });
  await Promise.resolve();
  tell({ object: undefined, old: first });
  tell({ object: other, old: undefined });
  await Promise.resolve();
  expect(changes).toEqual(['+lamps', '+lamps -lamps']);
  expect(catalog.current.find('example.com', 'v1', 'lamps')?.customSchema?.source.data).toBe(other);
});

it('one that cannot be served hinders no other', async () => {
  const { changes, announced, tell } = await following();
  const broken = { ...definitionOf('broken', 20), spec: { group: 'example.com' } } as CustomResourceDefinition;
  for (const object of [broken, definitionOf('fine', 21)]) tell({ object, old: undefined });
  await Promise.resolve();
  expect([changes, announced]).toEqual([['+fine'], ['21']]);
});
