import type { Json, KubeObject, Steps } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { checkedAll } from './conversion-check.ts';

const to = 'example.com/v2';
const metadata = { name: 'a', uid: 'u' };
const asked: KubeObject[] = [{ kind: 'Lamp', apiVersion: 'example.com/v1', metadata }];
const checking = (answer: object) =>
  checkedAll({ hook: 'it', asked, answered: [{ kind: 'Lamp', apiVersion: to, metadata, ...answer }] as Json[], to });

const many = 100_000;
const texts = (key: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: many }, (_, i) => [`${key}${i}`, 'v']));

/** How many steps it takes, and what is wrong. */
function taken(steps: Steps<unknown>): { readonly steps: number; readonly why?: string } {
  let count = 0;
  try {
    while (!steps.next().done) count++;
    return { steps: count };
  } catch (error) {
    return { steps: count, why: (error as Error).message };
  }
}

it.each<[string, object, string | undefined]>([
  ['labels', { labels: texts('a.b/k') }, undefined],
  ['bad labels', { labels: texts('-') }, 'metadata.labels: Invalid value: "-0"'],
  ['annotations', { annotations: texts('a/k') }, 'metadata.annotation: Too long'],
  ['bad annotations', { annotations: texts('-') }, 'metadata.annotation: Invalid value: "-0"'],
  ['labels that are none', { labels: { ...texts('k'), z: 1 } }, 'invalid metadata.labels in converted object'],
])('an answer with very many %s is looked through in short steps', (_, more, why) => {
  const found = taken(checking({ metadata: { ...metadata, ...more } }));
  expect(found.steps).toBeGreaterThanOrEqual(Math.floor(many / 256));
  if (why === undefined) expect(found.why).toBeUndefined();
  else expect(found.why).toContain(why);
});

it('an answer is taken over as it is, however many fields it has, but for its metadata', () => {
  const steps = checking({ metadata: { ...metadata, labels: { l: 'm' }, generation: 9 }, ...texts('k') });
  let step = steps.next();
  while (!step.done) step = steps.next();
  const converted = step.value.get(asked[0]!)!;
  expect(converted.metadata).toEqual({ ...metadata, labels: { l: 'm' } });
  expect(Object.keys(converted)).toHaveLength(many + 3);
});
