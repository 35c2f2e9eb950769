import type { Watch } from '@kubernest/controllers/engine';
import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { builtinControllers } from '../index.ts';

const wide = (of: number) => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${of}-${i}`, 'v']));
const owner = (i: number) => {
  const selector = wide(i);
  return {
    metadata: { name: `o${i}`, namespace: 'default', uid: `uid-${i}` },
    spec: { selector: Object.assign({ matchLabels: selector, app: 'web' }, selector) },
  };
};
const orphan: KubeObject = { metadata: { name: 'p', namespace: 'default', labels: { app: 'web' } } };

/** In how many steps so many owners are gone through; undefined where nobody goes through them. */
function stepsAmong(count: number, watch: Watch): number | undefined {
  let owners: object[] | undefined;
  const list = () => (owners = Array.from({ length: count }, (_, i) => owner(i)));
  const found = watch.keys!(orphan, { of: () => ({ list, get: () => undefined }) } as never);
  if (!('next' in found)) return owners && 1;
  for (let steps = 1; ; steps++) if (found.next().done) return steps;
}

const looking = builtinControllers({ rootCa: '' } as never).flatMap(({ name, watches }) =>
  (watches === 'all' ? [] : watches)
    .filter(({ ref, keys }) => keys && ['pods', 'replicasets'].includes(ref.resource))
    .map((watch) => [`${name} at ${watch.ref.resource}`, watch] as const),
);

it('whose selectors are asked about a pod or a replica set', () => {
  const asking = looking.filter(([, watch]) => stepsAmong(1, watch) !== undefined).map(([what]) => what);
  expect(asking).toEqual(
    expect.arrayContaining([
      'endpoints at pods',
      'endpointslice at pods',
      'replicaset at pods',
      'deployment at replicasets',
    ]),
  );
});

it.each(looking)('%s: each selector that is new is a step of its own', (_what, watch) => {
  expect(stepsAmong(50, watch) ?? 50).toBeGreaterThanOrEqual(50);
});
