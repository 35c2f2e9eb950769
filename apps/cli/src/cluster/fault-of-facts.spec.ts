import { expect, it } from 'vitest';
import { faultOfFacts } from './fault-of-facts.ts';
import { nodePortsOf } from './node-ports.ts';
import { overlap, rangesOf } from './ranges.ts';

const facts = { format: 1, name: 'a', index: 3, apiPort: 6443, kubeletPort: 10250, store: 'sqlite' };
const all = {
  ...facts,
  runtime: 'hollow',
  hollowNodes: 3,
  nodeName: 'n',
  nodePorts: '30000-30100',
  podCidr: '10.1.0.0/16',
  serviceCidr: '10.2.0.0/16',
};
/** What comes of a hand that edits the file, or of a crash that tears it. */
const strange = [undefined, null, '', 'foo', '1-', -1, 0.5, 77, 1e9, [], {}, true];

it('facts are right with and without what may be absent, and those of a newer format are not judged', () => {
  expect([facts, all, { format: 99 }].map((each) => faultOfFacts(each, 1))).toEqual([undefined, undefined, undefined]);
});

it.each(Object.keys(all))('whatever is not refused can be reckoned with by every other cluster: %s', (name) => {
  const refused = strange.filter((value) => {
    const damaged = { ...all, [name]: value };
    if (faultOfFacts(damaged, 1) !== undefined) return true;
    const { podCidr, serviceCidr } = rangesOf(damaged);
    expect([overlap(podCidr, serviceCidr), nodePortsOf(damaged.index, damaged.nodePorts).all]).toBeDefined();
    return false;
  });
  expect(refused).toEqual(expect.arrayContaining([null, -1, {}]));
});

it('says which fact is none', () => {
  expect(faultOfFacts({ ...all, podCidr: 'foo' }, 1)).toBe('podCidr is no IPv4 range');
  expect(faultOfFacts({ ...all, index: 77 }, 1)).toBe('index is no number from 0 to 50');
  expect(faultOfFacts(7, 1)).toBe('it holds no object');
});
