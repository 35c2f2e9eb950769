import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtinPlugins } from './builtin.ts';
import { nodeName } from './node-name/node-name.plugin.ts';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable.plugin.ts';
import { node, pod, reasons } from './placing.fixture.ts';
import { schedulingGates } from './scheduling-gates/scheduling-gates.plugin.ts';

it.each([
  [undefined, []],
  ['n1', []],
  ['n2', ["node(s) didn't match the requested node name"]],
])('a pod that names node %s: %j', (name, expected) => {
  expect(reasons(nodeName, pod({ nodeName: name }), node())).toEqual(expected);
});

describe('node-unschedulable and scheduling-gates', () => {
  it('keep a pod off a cordoned node unless it tolerates that', () => {
    const cordoned = node({ spec: { unschedulable: true } });
    expect(reasons(nodeUnschedulable, pod({}), cordoned)).toEqual(['node(s) were unschedulable']);
    expect(reasons(nodeUnschedulable, pod({ tolerations: [{ operator: 'Exists' }] }), cordoned)).toEqual([]);
  });

  it('hold a gated pod back', () => {
    expect(schedulingGates.gate!(pod({ schedulingGates: [{ name: 'wait' }] }))?.reason).toBe('SchedulingGated');
    expect(schedulingGates.gate!(pod({}))).toBeUndefined();
  });
});

it('lists every plugin folder', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
  expect(builtinPlugins.map((p) => p.name).sort()).toEqual(folders.sort());
});
