import { describe, expect, it } from 'vitest';
import { customaryNodePorts, nodePortsOf } from './node-ports.ts';
import { maxIndex } from './ranges.ts';

const indices = Array.from({ length: maxIndex + 1 }, (_, index) => index);
const numbers = (range: string): [number, number] => range.split('-').map(Number) as [number, number];

describe('node ports of clusters on one machine', () => {
  it('are all of the customary range for each', () => {
    expect(indices.map((index) => nodePortsOf(index, customaryNodePorts).all)).toEqual(
      indices.map(() => '30000-32767'),
    );
  });

  it("are handed out first from slices of Kubernetes' dynamic band that do not meet", () => {
    const slices = indices.map((index) => numbers(nodePortsOf(index, customaryNodePorts).own!));
    expect(slices[0]![0]).toBe(30086);
    for (const [index, [from, to]] of slices.entries()) {
      expect(to - from).toBeGreaterThan(50);
      if (index > 0) expect(from).toBe(slices[index - 1]![1] + 1);
    }
    expect(slices.at(-1)![1]).toBeLessThanOrEqual(32767);
  });

  it.each([
    ['of a cluster whose facts tell none are those of its time', 3, undefined, { all: '20400-20599', own: undefined }],
    ['of a first cluster of that time are the same as today', 0, undefined, { all: '30000-32767', own: '30086-30137' }],
    ['of a cluster with a range of its own stay that', 3, '40000-40009', { all: '40000-40009', own: undefined }],
  ])('%s', (_, index, kept, ports) => {
    expect(nodePortsOf(index, kept)).toEqual(ports);
  });
});
