import { describe, expect, it } from 'vitest';
import { applyConfiguration } from './apply-patch.ts';
import { updateManagedFields } from './managed-fields.ts';
import { widgetSchema } from './schema.fixture.ts';
import { apply, ownersOf, update, type Widget, widget } from './widget.fixture.ts';

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
      'Apply failed with 3 conflicts: conflicts with "fourth":\n- .spec.free\n- .spec.containers[name="c"].image\nconflicts with "scaler" using v1:\n- .spec.replicas',
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

  it('drops the last label, annotation and finalizer together with what held them', () => {
    const full = {
      ...widget({}),
      metadata: { name: 'a', labels: { a: '1' }, annotations: { b: '2' }, finalizers: ['f'] },
    };
    const first = apply(undefined, full);
    const bare = { apiVersion: 'v1', kind: 'Widget', metadata: { name: 'a' } } as Widget;
    const second = apply({ ...first, metadata: { ...first.metadata, uid: 'u' } }, bare);
    expect(second.metadata).toEqual({ name: 'a', uid: 'u', managedFields: [] });
  });

  it('null and zero are values like any: claimed, fought for and laid over what is there', () => {
    const live = apply(undefined, widget({ replicas: 1, size: 5 }));
    const nothing = widget({ size: null, replicas: 0 });
    expect(() => apply(live, nothing, { manager: 'other' })).toThrow(
      'Apply failed with 2 conflicts: conflicts with "me":\n- .spec.replicas\n- .spec.size',
    );
    const forced = apply(live, nothing, { manager: 'other', force: true });
    expect(forced.spec).toEqual({ size: null, replicas: 0 });
    expect(ownersOf(forced)).toEqual({ 'other Apply': { 'f:spec': { 'f:replicas': {}, 'f:size': {} } } });
  });

  it('who applies what is there already owns it from no particular time on', () => {
    const live = apply(undefined, widget({ replicas: 1 }));
    const shared = apply(live, widget({ replicas: 1 }), { manager: 'other', time: 't2' });
    expect(shared.metadata.managedFields?.map(({ manager, time }) => [manager, time])).toEqual([
      ['other', undefined],
      ['me', 't1'],
    ]);
  });

  it('an applier keeps its entry in another version of the kind; a subresource is another manager', () => {
    const at = (live: Widget | undefined, apiVersion: string, subresource: string, spec: object) => {
      const { object, managedFields } = applyConfiguration({
        live,
        config: widget(spec),
        manager: 'me',
        force: false,
        apiVersion,
        subresource,
        time: 't1',
        schema: widgetSchema,
      });
      return { ...object, metadata: { ...object.metadata, managedFields } } as Widget;
    };
    const moved = at(at(undefined, 'v1', '', { size: 1, replicas: 1 }), 'v2', '', { size: 1 });
    expect(moved.spec).toEqual({ size: 1 });
    expect(moved.metadata.managedFields?.map(({ apiVersion }) => apiVersion)).toEqual(['v2']);
    const both = at(moved, 'v2', 'scale', { replicas: 3 });
    expect(both.spec).toEqual({ size: 1, replicas: 3 });
    expect(both.metadata.managedFields?.map(({ subresource }) => subresource)).toEqual([undefined, 'scale']);
  });

  it('a change of order alone is a change, and tells its time', () => {
    const live = apply(undefined, widget({ containers: [{ name: 'i1' }, { name: 'i2' }] }));
    const turned = apply(live, widget({ containers: [{ name: 'i2' }, { name: 'i1' }, { name: 'new' }] }), {
      time: 't2',
    });
    expect(turned.spec).toEqual({ containers: [{ name: 'i2' }, { name: 'i1' }, { name: 'new' }] });
    expect(turned.metadata.managedFields?.map(({ time }) => time)).toEqual(['t2']);
  });

  it('twenty thousand finalizers, turned round, and ten thousand managers are merged in one walk', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `example.test/f${i}`);
    const owner = (i: number) => ({
      manager: `m${i}`,
      operation: 'Apply' as const,
      apiVersion: 'v1',
      fieldsType: 'FieldsV1' as const,
      fieldsV1: { 'f:metadata': { 'f:finalizers': { [`v:"example.test/f${i}"`]: {} } } },
    });
    const live: Widget = {
      ...widget({}),
      metadata: { name: 'a', finalizers: many, managedFields: Array.from({ length: 10_000 }, (_, i) => owner(i)) },
    };
    const turned = [...many].reverse();
    const config = { ...widget({}), metadata: { name: 'a', finalizers: turned } };
    const next = apply(live, config, { manager: 'turner' });
    expect(next.metadata.finalizers).toEqual(turned);
    const dropped = apply(next, widget({}), { manager: 'turner' });
    expect(dropped.metadata.finalizers).toEqual(many.slice(0, 10_000).reverse());
  });
});

describe('kubectl takes over from its own client-side apply', () => {
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
  const applied = widget({ replicas: 1, size: 5 });
  const annotated = (spec: object): Widget => ({
    ...widget(spec),
    metadata: { name: 'a', annotations: { [annotation]: JSON.stringify(applied) } },
  });
  const live = update(widget({}), annotated({ replicas: 1, size: 5 }), 'kubectl-client-side-apply');
  const tracked = { ...live, metadata: { ...live.metadata, managedFields: created(live) } };

  function created(object: Widget) {
    return updateManagedFields({
      next: object,
      manager: 'kubectl-client-side-apply',
      apiVersion: 'v1',
      time: 't0',
      schema: widgetSchema,
    });
  }

  it('changes without a conflict what is still as it applied it, and keeps the annotation up to date', () => {
    const next = apply(tracked, widget({ replicas: 2, size: 5 }), { manager: 'kubectl' });
    expect(next.spec).toEqual({ replicas: 2, size: 5 });
    expect(next.metadata.annotations).toEqual({
      [annotation]: `${JSON.stringify(widget({ replicas: 2, size: 5 }))}\n`,
    });
  });

  it('is refused where somebody else has changed the value since', () => {
    const scaled = update(tracked, annotated({ replicas: 7, size: 5 }), 'scaler');
    expect(() => apply(scaled, widget({ replicas: 2, size: 6 }), { manager: 'kubectl' })).toThrow(
      'Apply failed with 1 conflict: conflict with "scaler" using v1: .spec.replicas',
    );
  });

  it('is no way for other managers', () => {
    expect(() => apply(tracked, widget({ replicas: 2 }), { manager: 'flux' })).toThrow('kubectl-client-side-apply');
  });
});
