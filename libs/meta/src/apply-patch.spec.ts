import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyConfiguration } from './apply-patch.ts';
import { updateManagedFields } from './managed-fields.ts';
import type { KubeObject } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import { deepFreeze } from './value.ts';

type Widget = KubeObject & { spec?: object };
const widget = (spec: object, labels?: Record<string, string>): Widget => ({
  apiVersion: 'v1',
  kind: 'Widget',
  metadata: { name: 'a', ...(labels && { labels }) },
  spec,
});

interface By {
  readonly manager?: string;
  readonly force?: boolean;
  readonly time?: string;
}

function apply(
  live: Widget | undefined,
  config: Widget,
  { manager = 'me', force = false, time = 't1' }: By = {},
): Widget {
  const { object, managedFields } = applyConfiguration({
    live: deepFreeze(live),
    config: deepFreeze(config),
    manager,
    force,
    apiVersion: 'v1',
    time,
    schema: widgetSchema,
  });
  return { ...object, metadata: { ...object.metadata, managedFields } } as Widget;
}

function update(old: Widget, next: Widget, manager: string): Widget {
  const managedFields = updateManagedFields({ old, next, manager, apiVersion: 'v1', time: 't5', schema: widgetSchema });
  return { ...next, metadata: { ...next.metadata, managedFields } };
}

describe('server-side apply', () => {
  it('creates, and owns exactly what it said', () => {
    const live = apply(undefined, widget({ replicas: 1, containers: [{ name: 'c', image: '1' }] }));
    expect(live).toMatchObject(widget({ replicas: 1, containers: [{ name: 'c', image: '1' }] }));
    expect(live.metadata.managedFields).toEqual([
      {
        manager: 'me',
        operation: 'Apply',
        apiVersion: 'v1',
        time: 't1',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } },
            'f:replicas': {},
          },
        },
      },
    ]);
  });

  it('drops what it no longer says, and leaves what it never said', () => {
    const first = apply(
      undefined,
      widget({ replicas: 1, size: 5, containers: [{ name: 'c' }, { name: 'd' }] }, { a: '1', b: '2' }),
    );
    const defaulted = { ...first, spec: { ...first.spec, data: 'AA==' } };
    const second = apply(defaulted, widget({ replicas: 1, containers: [{ name: 'c' }] }, { a: '1' }));
    expect(second.spec).toEqual({ replicas: 1, data: 'AA==', containers: [{ name: 'c' }] });
    expect(second.metadata.labels).toEqual({ a: '1' });
  });

  it('keeps what it no longer says as long as another owns it', () => {
    const mine = apply(undefined, widget({ replicas: 1, size: 5 }));
    const both = apply(mine, widget({ size: 5 }), { manager: 'other' });
    expect(apply(both, widget({ replicas: 1 })).spec).toEqual({ replicas: 1, size: 5 });
  });

  it('a removed item goes with all that was filled into it', () => {
    const first = apply(undefined, widget({ containers: [{ name: 'c' }, { name: 'd' }] }));
    const filled = {
      ...first,
      spec: {
        containers: [
          { name: 'c', image: 'x' },
          { name: 'd', image: 'y' },
        ],
      },
    };
    expect(apply(filled, widget({ containers: [{ name: 'd' }] })).spec).toEqual({
      containers: [{ name: 'd', image: 'y' }],
    });
  });

  it('a struct goes when nobody owns anything in it', () => {
    const first = apply(undefined, widget({ replicas: 1, strategy: { rolling: { surge: 1 } } }));
    expect(apply(first, widget({ replicas: 1 })).spec).toEqual({ replicas: 1 });
  });

  it('refuses to change what another owns, naming it', () => {
    const live = update(apply(undefined, widget({ replicas: 1, size: 1 })), widget({ replicas: 3, size: 1 }), 'scaler');
    expect(() => apply(live, widget({ replicas: 2 }), { manager: 'third' })).toThrow(
      'Apply failed with 1 conflict: conflict with "scaler" using v1: .spec.replicas',
    );
    const applied = apply(live, widget({ containers: [{ name: 'c', image: '1' }], free: 1 }), { manager: 'fourth' });
    const both = () =>
      apply(applied, widget({ replicas: 2, containers: [{ name: 'c', image: '2' }], free: 2 }), { manager: 'third' });
    expect(both).toThrow(
      'Apply failed with 3 conflicts: conflicts with "fourth":\n- .spec.containers[name="c"].image\n- .spec.free\nconflicts with "scaler" using v1:\n- .spec.replicas',
    );
    expect(both).toThrow(expect.objectContaining({ code: 409, reason: 'Conflict' }));
  });

  it('takes what another owns when forced, and shares what is the same', () => {
    const live = update(apply(undefined, widget({ replicas: 1, size: 1 })), widget({ replicas: 3, size: 1 }), 'scaler');
    const forced = apply(live, widget({ replicas: 2, size: 1 }), { manager: 'third', force: true });
    expect(forced.spec).toMatchObject({ replicas: 2 });
    const owners = Object.fromEntries(forced.metadata.managedFields!.map((e) => [e.manager, e.fieldsV1]));
    expect(owners).toEqual({
      me: { 'f:spec': { 'f:size': {} } },
      third: { 'f:spec': { 'f:replicas': {}, 'f:size': {} } },
    });
  });

  it('an object that nobody managed belongs to its past', () => {
    expect(() => apply(widget({ replicas: 1 }), widget({ replicas: 2 }))).toThrow(
      'conflict with "before-first-apply" using v1: .spec.replicas',
    );
    expect(apply(widget({ replicas: 1 }), widget({ replicas: 1 })).metadata.managedFields).toHaveLength(2);
  });

  it('a configuration may not carry managed fields', () => {
    const config = widget({});
    expect(() => apply(undefined, { ...config, metadata: { ...config.metadata, managedFields: [] } })).toThrow(
      'metadata.managedFields must be nil',
    );
  });

  const spec = fc.record(
    {
      replicas: fc.integer({ min: 0, max: 3 }),
      strategy: fc.record({ type: fc.constantFrom('a', 'b') }),
      containers: fc.uniqueArray(
        fc.record({ name: fc.constantFrom('a', 'b', 'c'), image: fc.constantFrom('1', '2') }),
        { minLength: 1, selector: (c) => c.name },
      ),
    },
    { requiredKeys: [] },
  );

  it('alone, each apply leaves exactly the last configuration, and a second one changes nothing', () => {
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 4 }), (specs) => {
        let live: Widget | undefined;
        for (const one of specs) live = apply(live, widget(one));
        const sorted = (s: object) => {
          const { containers = [], ...rest } = s as { containers?: { name: string }[] };
          return { ...rest, containers: [...containers].sort((a, b) => (a.name < b.name ? -1 : 1)) };
        };
        expect(sorted(live!.spec ?? {})).toEqual(sorted(specs.at(-1)!));
        expect(apply(live, widget(specs.at(-1)!), { time: 't9' })).toEqual(live);
      }),
    );
  });
});
