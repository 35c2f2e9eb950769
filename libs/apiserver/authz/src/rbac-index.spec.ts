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

it('each of somebody’s groups costs a look at those that are bound, however many bind each', () => {
  const read = objects();
  for (let i = 0; i < 100; i++) read.put(ref, binding(`b${i}`, [{ kind: 'Group', name: 'bound' }]));
  const index = rbacIndex(read);
  let looks = 0;
  const groups = Array.from({ length: 5000 }, (_, i) => `g${i}`);
  const watched = new Proxy([...groups, 'bound'], {
    get(list, key, self) {
      if (typeof key === 'string' && /^[0-9]+$/.test(key)) looks++;
      return Reflect.get(list, key, self) as unknown;
    },
  });
  const reached = [...index.grants({ username: 'ann', groups: watched }, 'a')];
  expect([reached.length, looks]).toEqual([100, 5001]);
  expect([...index.grants({ username: 'bound', groups: [] }, 'a')]).toEqual([]);
});
