import { builtinKinds } from '@kubernest/kinds';
import { fieldInvalid } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { faultsOfEach } from './faults.ts';

it('items are looked at until there are more faults than anybody is told', () => {
  let lookedAt = 0;
  const odd = (item: number) => {
    lookedAt += 1;
    return item % 2 === 1 ? [fieldInvalid('odd', item, 'must be even')] : [];
  };
  const numbers = Array.from({ length: 100_000 }, (_, i) => i);
  expect(faultsOfEach(numbers, odd).map(({ value }) => value)).toEqual(
    numbers.slice(0, 1000).filter((i) => i % 2 === 1),
  );
  expect(lookedAt).toBe(1000);
});

const texts = Array.from({ length: 5000 }, (_, i) => `x${i}`);
it.each([
  ['Service', { spec: { type: 'LoadBalancer', ports: [{ port: 80 }], clusterIP: 'x0', clusterIPs: texts } }],
  ['Service', { spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ipFamilies: texts } }],
  ['Service', { spec: { type: 'LoadBalancer', ports: [{ port: 80 }], loadBalancerSourceRanges: texts } }],
  ['EndpointSlice', { addressType: 'IPv4', endpoints: [{ addresses: texts }] }],
])('a %s with a long list of what is none is refused with a few hundred faults', (kind, fields) => {
  const definition = builtinKinds.find((each) => each.kind === kind && each.version === 'v1')!;
  const object = structuredClone({ metadata: { name: 'a' }, ...fields });
  const faults = definition.validate!(object as never, { subresource: '', now: new Date(0) });
  expect(faults.length).toBeGreaterThan(100);
  expect(faults.length).toBeLessThan(520);
});
