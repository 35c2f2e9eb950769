import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatLabelSelector,
  type LabelRequirement,
  matchesLabels,
  parseLabelSelector,
  selects,
  validateLabelSelector,
} from './label-selector.ts';

const labels = { app: 'web', tier: 'front', rank: '10', empty: '' };

describe('label selectors', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web , tier=front', true],
    ['app!=web', false],
    ['other!=web', true],
    ['app in (web,db)', true],
    ['app in ( db )', false],
    ['app notin (web)', false],
    ['other notin (web)', true],
    ['app', true],
    ['other', false],
    ['!other', true],
    ['! app', false],
    ['rank>9', true],
    ['rank<9', false],
    ['app>1', false],
    ['empty=', true],
    ['empty=,app', true],
    ['in in (a)', false],
    ['toString', false],
  ])('%j matches: %s', (text, matches) => {
    expect(matchesLabels(parseLabelSelector(text), labels)).toBe(matches);
  });

  it.each(['=a', 'a=b=c', 'a in b', 'a in (b', 'a,', ',a', 'a in (b c)', 'a>x', 'a=-', 'a b', '!', 'a/b/c', 'a=b)'])(
    '%j is refused',
    (text) => {
      expect(() => parseLabelSelector(text)).toThrow(/^unable to parse requirement: /);
    },
  );

  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/).filter((w) => w !== 'in' && w !== 'notin');
  const requirement: fc.Arbitrary<LabelRequirement> = fc.oneof(
    fc.record({
      key: word,
      operator: fc.constantFrom('In' as const, 'NotIn' as const),
      values: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      key: word,
      operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
      values: fc.constant([]),
    }),
  );

  it('what is written is read back with the same meaning', () => {
    fc.assert(
      fc.property(
        fc.array(requirement, { minLength: 1, maxLength: 4 }),
        fc.dictionary(word, word),
        (requirements, set) => {
          const read = parseLabelSelector(formatLabelSelector(requirements));
          expect(matchesLabels(read, set)).toBe(matchesLabels(requirements, set));
        },
      ),
    );
  });

  it('In and NotIn never agree, nor do Exists and DoesNotExist', () => {
    fc.assert(
      fc.property(word, fc.array(word, { minLength: 1 }), fc.dictionary(word, word), (key, values, set) => {
        const one = (operator: LabelRequirement['operator']) => matchesLabels([{ key, operator, values }], set);
        expect(one('In')).not.toBe(one('NotIn'));
        expect(one('Exists')).not.toBe(one('DoesNotExist'));
      }),
    );
  });

  it('an absent selector selects nothing, an empty one everything', () => {
    expect(selects(undefined, labels)).toBe(false);
    expect(selects({}, labels)).toBe(true);
    expect(
      selects(
        { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['back'] }] },
        labels,
      ),
    ).toBe(true);
    expect(selects({ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, labels)).toBe(false);
  });

  it('faults of the object form are named with their path', () => {
    const faults = validateLabelSelector(
      {
        matchLabels: { 'a b': 'x' },
        matchExpressions: [
          { key: 'a', operator: 'In' },
          { key: 'a', operator: 'Exists', values: ['x'] },
          { key: 'a', operator: 'Like' },
        ],
      },
      'spec.selector',
    );
    expect(faults.map((f) => `${f.type} ${f.field}`)).toEqual([
      'FieldValueInvalid spec.selector.matchLabels',
      'FieldValueRequired spec.selector.matchExpressions[0].values',
      'FieldValueForbidden spec.selector.matchExpressions[1].values',
      'FieldValueInvalid spec.selector.matchExpressions[2].operator',
    ]);
  });
});
