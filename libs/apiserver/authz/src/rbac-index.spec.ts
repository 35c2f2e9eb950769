import { objects } from '@kubernest/apiserver/authn/testing';
import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { rbacIndex } from './rbac-index.ts';

const ref = { group: 'rbac.authorization.k8s.io', resource: 'rolebindings' };
const ann = { username: 'ann', groups: [] };
const binding = (name: string, subjects: readonly object[]) =>
  ({ metadata: { name, namespace: 'a' }, roleRef: { kind: 'ClusterRole', name: 'view' }, subjects }) as KubeObject;

it('a subject that bindings name again and again costs a step each, and is bound once by each', () => {
  const read = objects();
  const index = rbacIndex(read);
  let looks = 0;
  const annAgain = {
    kind: 'User',
    get name() {
      looks++;
      return 'ann';
    },
  };
  const many = (count: number) => Array.from({ length: count }, () => annAgain);
  const bound = () => [...index.grants(ann, 'a')].map((grant) => grant.binding.metadata.name);
  expect(bound()).toEqual([]);
  for (const name of ['one', 'two']) read.put(ref, binding(name, many(500)));
  expect(bound()).toEqual(['one', 'two']);
  read.put(ref, binding('one', many(500)));
  expect(bound()).toEqual(['two', 'one']);
  read.remove(ref, 'a/two');
  expect(bound()).toEqual(['one']);
  // Put three times, replaced once and removed once: nine looks at each would do.
  expect(looks).toBeLessThan(10 * 500);
});
