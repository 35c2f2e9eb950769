import type { PodObject } from '@kubernest/scheduler/engine';
import { describe, expect, it } from 'vitest';
import { node, pod, reasons } from '../placing.fixture.ts';
import { nodePorts } from './node-ports.plugin.ts';

describe('node-ports', () => {
  const on = (hostIP: string | undefined, uid?: string): PodObject =>
    pod({ containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80, hostIP }] }] }, uid);
  it.each([
    ['the same port', undefined, undefined, false],
    ['a port on all addresses beside one on one', '10.0.0.1', undefined, false],
    ['two addresses', '10.0.0.1', '10.0.0.2', true],
  ])('judges %s', (_what, there, wanted, fits) => {
    expect(reasons(nodePorts, on(wanted), node({ pods: [on(there, 'a')] })).length === 0).toBe(fits);
  });
});

it('a host port is free again when the last pod that has it is gone', () => {
  const on = (uid: string): PodObject =>
    pod({ containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] }, uid);
  const state = node({ pods: [on('a'), on('b')] });
  state.remove('a');
  expect(reasons(nodePorts, on('c'), state)).toHaveLength(1);
  state.remove('b');
  expect(reasons(nodePorts, on('c'), state)).toEqual([]);
});
