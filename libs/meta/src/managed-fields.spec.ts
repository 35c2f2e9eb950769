import { describe, expect, it } from 'vitest';
import { emptyFieldSet, type FieldSet, fieldSetOfPaths } from './field-set.ts';
import { managedFieldsInSteps, updateManagedFields } from './managed-fields.ts';
import type { KubeObject, ManagedFieldsEntry } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import { clone } from './value.ts';

const status = fieldSetOfPaths([['f:status']]);
const base = { apiVersion: 'v1', kind: 'Widget' };
const container = (name: string, more = {}) => ({ name, image: '1', resources: {}, ...more });
type Widget = KubeObject & { spec?: object; status?: object };

interface Write {
  readonly manager?: string;
  readonly time?: string;
  readonly subresource?: string;
  readonly ignore?: FieldSet;
}

/** Writes `next` over `old` and returns it as stored. */
function write(
  old: Widget | undefined,
  next: Widget,
  { manager = 'tester', time = 't1', subresource, ignore = status }: Write = {},
): Widget {
  const stored = clone(next);
  const managedFields = updateManagedFields({
    old,
    next: stored,
    manager,
    apiVersion: 'v1',
    subresource,
    time,
    schema: widgetSchema,
    ignore,
  });
  return { ...stored, metadata: { ...stored.metadata, managedFields } };
}

const fieldsOf = (widget: Widget, manager: string) =>
  widget.metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1;
const managersOf = (widget: Widget) => widget.metadata.managedFields?.map((entry) => `${entry.manager} ${entry.time}`);

const created = write(undefined, {
  ...base,
  metadata: { name: 'a', labels: { app: 'x' }, finalizers: ['f'], uid: 'u', resourceVersion: '1' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'x' } },
    containers: [container('c', { args: ['1'], ports: [{ containerPort: 80 }] })],
  },
  status: { ready: 0 },
});

describe('managed fields of updates', () => {
  it('a creator owns all but what nobody owns', () => {
    expect(created.metadata.managedFields).toEqual([
      {
        manager: 'tester',
        operation: 'Update',
        apiVersion: 'v1',
        time: 't1',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:finalizers': { '.': {}, 'v:"f"': {} }, 'f:labels': { '.': {}, 'f:app': {} } },
          'f:spec': {
            'f:containers': {
              'k:{"name":"c"}': {
                '.': {},
                'f:args': {},
                'f:image': {},
                'f:name': {},
                'f:ports': { '.': {}, 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                'f:resources': {},
              },
            },
            'f:replicas': {},
            'f:selector': {},
          },
        },
      },
    ]);
  });

  it('what another changes becomes the other’s, and only that', () => {
    const next = clone(created) as Widget & { spec: { replicas: number } };
    next.spec.replicas = 5;
    const stored = write(created, next, { manager: 'scaler', time: 't2' });
    expect(fieldsOf(stored, 'scaler')).toEqual({ 'f:spec': { 'f:replicas': {} } });
    expect(fieldsOf(stored, 'tester')).not.toHaveProperty(['f:spec', 'f:replicas']);
    expect(managersOf(stored)).toEqual(['tester t1', 'scaler t2']);
  });

  it('what is removed is nobody’s, and a manager without fields is forgotten', () => {
    const labelled = write(
      created,
      { ...created, metadata: { ...created.metadata, annotations: { note: '1' } } },
      { manager: 'noter', time: 't2' },
    );
    expect(fieldsOf(labelled, 'noter')).toEqual({ 'f:metadata': { 'f:annotations': { '.': {}, 'f:note': {} } } });
    const { annotations: _, ...metadata } = labelled.metadata;
    expect(managersOf(write(labelled, { ...labelled, metadata }, { manager: 'cleaner', time: 't3' }))).toEqual([
      'tester t1',
    ]);
  });

  it('a write that changes nothing changes no time', () => {
    const again = write(created, created, { time: 't9' });
    expect(again.metadata.managedFields).toEqual(created.metadata.managedFields);
  });

  it('a value that its own manager changes renews the time', () => {
    const next = clone(created) as Widget & { spec: { replicas: number } };
    next.spec.replicas = 2;
    expect(managersOf(write(created, next, { time: 't2' }))).toEqual(['tester t2']);
  });

  it('items of a list are told apart by their keys, wherever they stand', () => {
    const two = write(
      created,
      {
        ...created,
        spec: { ...created.spec, containers: [container('d'), ...(created.spec as { containers: [] }).containers] },
      },
      { manager: 'adder' },
    );
    expect(
      Object.keys((fieldsOf(two, 'adder') as { 'f:spec': { 'f:containers': object } })['f:spec']['f:containers']),
    ).toEqual(['k:{"name":"d"}']);
  });

  it('a subresource is a manager of its own', () => {
    const stored = write(
      created,
      { ...created, status: { ready: 1 } },
      { subresource: 'status', time: 't2', ignore: emptyFieldSet },
    );
    expect(stored.metadata.managedFields?.[1]).toMatchObject({
      manager: 'tester',
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:ready': {} } },
    });
  });

  it('a client that leaves managed fields out, or sends nonsense, loses none; [{}] and [] forget all', () => {
    const send = (managedFields: unknown) => ({
      ...created,
      metadata: { ...created.metadata, managedFields: managedFields as ManagedFieldsEntry[] },
    });
    expect(write(created, send(undefined)).metadata.managedFields).toEqual(created.metadata.managedFields);
    expect(write(created, send([])).metadata.managedFields).toEqual([]);
    expect(write(created, send([{ operation: 'Update', fieldsV1: { nonsense: 1 } }])).metadata.managedFields).toEqual(
      created.metadata.managedFields,
    );
    const reset = write(created, send([{}]));
    expect(reset.metadata.managedFields).toEqual([]);
    expect(
      write(reset, { ...reset, metadata: { ...reset.metadata, labels: { app: 'y' } } }).metadata.managedFields,
    ).toEqual([]);
  });

  it('beyond ten updaters the oldest are joined', () => {
    let widget = created;
    for (let i = 0; i < 14; i++) {
      widget = write(
        widget,
        { ...widget, metadata: { ...widget.metadata, annotations: { ...widget.metadata.annotations, [`n${i}`]: '' } } },
        { manager: `m${i}`, time: `t2${String(i).padStart(2, '0')}` },
      );
    }
    expect(widget.metadata.managedFields).toHaveLength(10);
    expect(fieldsOf(widget, 'ancient-changes')).toMatchObject({ 'f:spec': { 'f:replicas': {} } });
    expect(fieldsOf(widget, 'm13')).toEqual({ 'f:metadata': { 'f:annotations': { 'f:n13': {} } } });
  });
});

it('of an object with very many fields they are worked out in short steps, and are the same', () => {
  const many = 20_000;
  const fields = Object.fromEntries(Array.from({ length: many }, (_, i) => [`k${i}`, i]));
  const lamp = (labels?: object) =>
    ({ ...base, metadata: { name: 'a', ...(labels && { labels }) }, ...fields }) as unknown as Widget;
  const schema = { type: 'any' } as const;
  const of = { manager: 'm', apiVersion: 'v1', time: 't', schema };
  // As it was read from the store: of what was just written the sets are known.
  const managedFields = clone(updateManagedFields({ ...of, next: lamp() }));
  const old: Widget = { ...lamp(), metadata: { name: 'a', managedFields } };
  const update = { ...of, manager: 'n', old, next: lamp({ a: 'b' }) };
  const steps = managedFieldsInSteps({ ...update, large: true });
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  expect(step.value).toEqual(updateManagedFields(update));
  // One sixth of them while both objects are taken without their record.
  expect(count).toBeGreaterThan((12 * many) / 256);
});
