import type { CustomResourceDefinition } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { definitionsOf } from './definitions-of.ts';

it('all versions of a kind share the list of them, however many there are', () => {
  const version = { served: true, schema: { openAPIV3Schema: { type: 'object' } } };
  const versions = Array.from({ length: 50 }, (_, i) => ({ ...version, name: `v${i + 1}`, storage: i === 0 }));
  const names = { plural: 'lamps', kind: 'Lamp' };
  const spec = { group: 'example.com', scope: 'Namespaced', names, versions };
  const crd = { metadata: { name: 'lamps.example.com', resourceVersion: '1' }, spec };
  const definitions = definitionsOf(crd as unknown as CustomResourceDefinition);
  expect(definitions).toHaveLength(50);
  expect(new Set(definitions.map(({ storage }) => storage!.versions)).size).toBe(1);
  expect(definitions[0]!.storage!.versions).toContain('example.com/v50');
});
