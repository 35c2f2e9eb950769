import type { SentDefinition } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { type Names, planNames } from './accepted-names.plan.ts';

const NEW: Names = { plural: '', kind: '' };
const lamps: Names = { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList', shortNames: ['lp'] };

interface Of {
  readonly accepted?: Names;
  readonly age?: number;
  readonly going?: boolean;
  readonly version?: string;
}

/** `age`: seconds; older unless said. */
const crd = (names: Names, { accepted = NEW, age = 9, going = false, version = '5' }: Of = {}): SentDefinition => ({
  metadata: {
    name: `${names.plural}.example.com`,
    resourceVersion: version,
    creationTimestamp: `2026-01-01T00:00:0${9 - age}Z`,
    ...(going && { deletionTimestamp: '2026-01-01T00:01:00Z' }),
  },
  spec: { group: 'example.com', names },
  status: { acceptedNames: accepted },
});
const held = (names: Names): SentDefinition => crd(names, { accepted: names });
const other: Names = { plural: 'lights', singular: 'light', kind: 'Light', listKind: 'LightList' };
const plan = (asked: SentDefinition, ...others: SentDefinition[]) => {
  const { acceptedNames, condition } = planNames(asked, [asked, ...others]);
  return [acceptedNames, `${condition.status} ${condition.reason}: ${condition.message}`];
};
const fine = 'True NoConflicts: no conflicts found';

describe('names that nobody else has', () => {
  it.each<[string, SentDefinition[]]>([
    ['alone in its group', []],
    ['among others', [held(other)]],
    ['the kind of one is the plural of another', [held({ ...other, kind: 'lamps', singular: 'x' })]],
  ])('are given: %s', (_, others) => {
    expect(plan(crd(lamps, { age: 0 }), ...others)).toEqual([lamps, fine]);
  });

  it('are given anew with each change, and categories always', () => {
    const changed = { ...lamps, singular: 'lampe', shortNames: ['l'], categories: ['all'] };
    expect(plan(crd(changed, { accepted: lamps }), held(other))).toEqual([changed, fine]);
    const { shortNames: _, ...fewer } = lamps;
    expect(plan(crd(fewer, { accepted: lamps }))).toEqual([fewer, fine]);
  });
});

describe('a name that another has is not given, the others are', () => {
  const { shortNames: _, ...unabbreviated } = lamps;
  it.each<[string, Partial<Names>, Names, string]>([
    ['plural', { plural: 'lamps' }, { ...lamps, plural: '' }, 'PluralConflict: "lamps"'],
    ['plural as a short name', { shortNames: ['lamps'] }, { ...lamps, plural: '' }, 'PluralConflict: "lamps"'],
    ['singular', { singular: 'lamp' }, (({ singular: _, ...rest }) => rest)(lamps), 'SingularConflict: "lamp"'],
    ['short name', { shortNames: ['a', 'lp'] }, unabbreviated, 'ShortNamesConflict: "lp"'],
    ['kind', { kind: 'Lamp' }, { ...lamps, kind: '' }, 'KindConflict: "Lamp"'],
    ['kind as a list', { listKind: 'Lamp' }, { ...lamps, kind: '' }, 'KindConflict: "Lamp"'],
    ['listKind', { listKind: 'LampList' }, (({ listKind: _, ...rest }) => rest)(lamps), 'ListKindConflict: "LampList"'],
  ])('%s', (_what, theirs, accepted, told) => {
    const theirsHeld = crd(other, { accepted: { ...other, ...theirs } });
    expect(plan(crd(lamps, { age: 0 }), theirsHeld)).toEqual([accepted, `False ${told} is already in use`]);
  });

  it('several short names are told together, of several conflicts the last', () => {
    const asked = crd({ ...lamps, shortNames: ['a', 'b', 'c'] }, { age: 0 });
    const theirs = held({ ...other, shortNames: ['a', 'c'] });
    expect(plan(asked, theirs)[1]).toBe('False ShortNamesConflict: ["a" is already in use, "c" is already in use]');
    expect(plan(asked, held({ ...other, shortNames: ['a'], kind: 'Lamp' }))[1]).toBe(
      'False KindConflict: "Lamp" is already in use',
    );
  });

  it('what it has already it keeps, also while it asks for what it does not get', () => {
    const asked = crd({ ...lamps, singular: 'light', shortNames: ['lp', 'x'] }, { accepted: lamps });
    expect(plan(asked, held({ ...other, shortNames: ['x'] }))).toEqual([
      lamps,
      'False ShortNamesConflict: "x" is already in use',
    ]);
  });
});

describe('who asks for the same free name', () => {
  const rival = (of: Of) => crd({ ...other, kind: 'Lamp', listKind: 'LampList' }, of);
  it.each<[string, SentDefinition, string]>([
    ['the older gets it', rival({ age: 1 }), fine],
    ['not the younger', rival({ age: 9 }), 'False ListKindConflict: "LampList" is already in use'],
    ['of the same age the first', rival({ age: 5, version: '10' }), fine],
    ['and not the second', rival({ age: 5, version: '4' }), 'False ListKindConflict: "LampList" is already in use'],
    ['one that goes asks for nothing', rival({ age: 9, going: true }), fine],
    [
      'the older, whatever else it does not get',
      crd({ ...other, kind: 'Lamp', shortNames: ['b', 'lp'] }, { age: 9 }),
      'False KindConflict: "Lamp" is already in use',
    ],
  ])('%s', (_, theirs, told) => {
    expect(
      plan(
        crd(lamps, { age: 5 }),
        theirs,
        held({ ...other, plural: 'beams', singular: 'b', kind: 'B', listKind: 'Bs' }),
      )[1],
    ).toBe(told);
  });

  it('one that goes keeps what it has until it is gone', () => {
    const theirs = crd({ ...other, kind: 'Lamp' }, { accepted: { ...other, kind: 'Lamp' }, going: true });
    expect(plan(crd(lamps, { age: 0 }), theirs)[1]).toBe('False KindConflict: "Lamp" is already in use');
  });

  it('however many short names there are, each is looked at a few times, and few are told', () => {
    let looks = 0;
    const count: ProxyHandler<readonly string[]> = {
      get(target, key, receiver) {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
        return Reflect.get(target, key, receiver);
      },
    };
    const many = (prefix: string) =>
      new Proxy(
        Array.from({ length: 1000 }, (_, i) => `${prefix}${i}`),
        count,
      );
    const owned = crd({ ...lamps, shortNames: many('a') }, { accepted: { ...lamps, shortNames: many('a') }, age: 0 });
    expect(plan(owned)[1]).toBe(fine);
    expect(looks).toBeLessThan(10 * 1000);
    const told = plan(
      crd({ ...lamps, shortNames: many('b') }, { age: 0 }),
      held({ ...other, shortNames: many('b') }),
    )[1];
    expect(told).toMatch(
      /^False ShortNamesConflict: \["b0" is already in use, .*"b99" is already in use, and 900 more\]$/,
    );
  });

  it('short names are given all or none: an elder that gets none holds none back', () => {
    const elder = crd({ ...other, shortNames: ['b', 'lp'] }, { age: 9 });
    const holder = held({ plural: 'beams', singular: 'b', kind: 'Beam', listKind: 'BeamList' });
    expect(plan(crd(lamps, { age: 0 }), elder, holder)).toEqual([lamps, fine]);
  });
});
