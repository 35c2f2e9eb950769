import { expect, it } from 'vitest';
import { CompiledTypes } from './compiled-types.ts';
import { facts } from './facts.ts';

const lease = 'io.k8s.api.coordination.v1.Lease';
const typesOf = (lines: string) => new CompiledTypes([facts('io.k8s.api.coordination.v1', lines)]);

it('reads a type when its fields are first looked at, and not what it refers to', () => {
  const unreadable = typesOf('Lease apiVersion=one').schema(lease);
  expect(unreadable.name).toBe(lease);
  expect(() => unreadable.fields).toThrow('not a fact of a field: apiVersion=one');
  const known = new CompiledTypes([
    facts('io.k8s.api.coordination.v1', 'Lease spec=2+\nLeaseSpec holderIdentity=one'),
    facts('io.k8s.apimachinery.pkg.apis.meta.v1', 'ObjectMeta name=1'),
  ]);
  expect(known.schema(lease).fields['spec']!.protobuf).toBe(2);
});

it('has one schema of a name', () => {
  const types = typesOf('Lease metadata=1');
  expect(types.schema(lease)).toBe(types.schema(lease));
  expect(types.schema(lease).fields).toBe(types.schema(lease).fields);
});

it('refuses a name that no declaration has at once, and one in two tables or in none when it is read', () => {
  expect(() => typesOf('Lease spec=2').schema('io.k8s.api.coordination.v1.Leash')).toThrow(
    'the compiled schema has no type io.k8s.api.coordination.v1.Leash',
  );
  expect(() => typesOf('LeaseSpec holderIdentity=1').schema(lease).fields).toThrow('is in no fact table');
  expect(() => typesOf('Lease spec=2\nLease spec=2').schema(lease).fields).toThrow('is in two fact tables');
});
