import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFields } from './field-compare.ts';
import { fieldPaths, fromFieldsV1, intersectFields, isEmptyFieldSet, unionFields } from './field-set.ts';
import type { Json, ManagedFieldsEntry } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import { apply, bare, ownersOf, update, type Widget, widget } from './widget.fixture.ts';

describe('laws of server-side apply', () => {
  const container = fc.record(
    {
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      image: fc.constantFrom('1', '2'),
      args: fc.array(fc.constantFrom('x', 'y')),
    },
    { requiredKeys: ['name'] },
  );
  const spec = fc.record(
    {
      replicas: fc.integer({ min: 0, max: 3 }),
      size: fc.constantFrom(1, null),
      strategy: fc.record({ type: fc.constantFrom('a', 'b') }),
      selector: fc.record({ matchLabels: fc.record({ app: fc.constantFrom('x', 'y') }) }),
      containers: fc.uniqueArray(container, { minLength: 1, selector: ({ name }) => name }),
      free: fc.dictionary(
        fc.constantFrom('p', 'q'),
        fc.constantFrom<Json[]>(1, 'x', [1], { r: 1 }, { r: 'y', s: [2] }),
        { minKeys: 1 },
      ),
    },
    { requiredKeys: [] },
  );
  const manager = fc.constantFrom('m1', 'm2', 'm3');
  const history = fc.array(fc.record({ by: manager, spec, updates: fc.boolean() }), { minLength: 1, maxLength: 6 });
  type Step = { by: string; spec: object; updates: boolean };
  const play = (steps: readonly Step[]): Widget => {
    let live: Widget | undefined;
    for (const { by, spec: one, updates } of steps)
      live = updates && live ? update(live, widget(one), by) : apply(live, widget(one), { manager: by, force: true });
    return live!;
  };

  it('alone, each apply leaves exactly the last configuration, in its order', () => {
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 4 }), (specs) => {
        let live: Widget | undefined;
        for (const one of specs) live = apply(live, widget(one));
        expect(live!.spec ?? {}).toEqual(specs.at(-1));
      }),
    );
  });

  it('a second apply of the same changes nothing, whatever happened before', () => {
    fc.assert(
      fc.property(history, spec, manager, (steps, last, by) => {
        const once = apply(play(steps), widget(last), { manager: by, force: true, time: 't7' });
        expect(apply(once, widget(last), { manager: by, time: 't8' })).toEqual(once);
      }),
    );
  });

  it('what is applied is there afterwards, in the applied order', () => {
    fc.assert(
      fc.property(history, spec, (steps, last) => {
        const after = apply(play(steps), widget(last), { force: true }).spec as typeof last;
        const names = last.containers?.map(({ name }) => name) ?? [];
        const held = after.containers?.map(({ name }) => name).filter((name) => names.includes(name)) ?? [];
        expect(held).toEqual(names);
        for (const one of last.containers ?? [])
          expect(after.containers?.find(({ name }) => name === one.name)).toMatchObject(one);
        const { containers: _, ...others } = last;
        expect(after).toMatchObject(others);
      }),
    );
  });

  it('what another applied and this one never mentioned stays as it was', () => {
    fc.assert(
      fc.property(spec, spec, spec, (theirs, mine, later) => {
        const live = apply(apply(undefined, widget(theirs), { manager: 'them' }), widget(mine), { force: true });
        const after = apply(live, widget(later), { force: true }).spec as typeof theirs;
        for (const field of ['replicas', 'size', 'selector', 'strategy'] as const) {
          if (theirs[field] !== undefined && mine[field] === undefined && later[field] === undefined)
            expect(after[field]).toEqual(theirs[field]);
        }
        for (const one of theirs.containers ?? []) {
          const mentioned = [mine, later].some((s) => s.containers?.some(({ name }) => name === one.name));
          if (!mentioned) expect(after.containers).toContainEqual(one);
        }
      }),
    );
  });

  it('afterwards the applier owns what it said and no other owns a field with another value', () => {
    fc.assert(
      fc.property(history, spec, manager, (steps, last, by) => {
        const before = play(steps);
        const after = apply(before, widget(last), { manager: by, force: true });
        const fresh = apply(undefined, widget(last), { manager: by });
        expect(ownersOf(after)[`${by} Apply`]).toEqual(ownersOf(fresh)[`${by} Apply`]);
        const { added, modified } = compareFields(widgetSchema, bare(before), bare(after));
        for (const entry of after.metadata.managedFields!) {
          if (entry.manager === by && entry.operation === 'Apply') continue;
          const set = fromFieldsV1(entry.fieldsV1)!;
          expect(fieldPaths(intersectFields(set, unionFields(added, modified))).toArray()).toEqual([]);
        }
      }),
    );
  });

  it('without force it is refused exactly when another would lose a field', () => {
    fc.assert(
      fc.property(history, spec, manager, (steps, last, by) => {
        const before = play(steps);
        const others = ({ manager: name, operation }: ManagedFieldsEntry) => name !== by || operation !== 'Apply';
        const forced = apply(before, widget(last), { manager: by, force: true });
        const { added, modified } = compareFields(widgetSchema, bare(before), bare(forced));
        const lost = before.metadata
          .managedFields!.filter(others)
          .some(
            ({ fieldsV1 }) => !isEmptyFieldSet(intersectFields(fromFieldsV1(fieldsV1)!, unionFields(added, modified))),
          );
        const gently = () => apply(before, widget(last), { manager: by });
        if (lost) expect(gently).toThrow('Apply failed with');
        else expect(gently()).toEqual(forced);
      }),
    );
  });
});
