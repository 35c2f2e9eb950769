import type { Taint, Toleration } from '@kubernest/api-types/core/v1';
import { toleratesTaint } from '@kubernest/kinds';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pod } from '../placing.fixture.ts';
import { isTolerated } from './tolerations.ts';

const key = fc.constantFrom('a', 'b');
const value = fc.constantFrom('', 'x', 'y');
const effect = fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule');
const toleration: fc.Arbitrary<Toleration> = fc.record(
  { key: fc.oneof(key, fc.constant('')), operator: fc.constantFrom('Equal', 'Exists'), value, effect },
  { requiredKeys: [] },
);
const taint: fc.Arbitrary<Taint> = fc.record({ key, value, effect }, { requiredKeys: ['key', 'effect'] });

it('a taint is tolerated when one of the tolerations covers it', () => {
  fc.assert(
    fc.property(fc.array(toleration, { maxLength: 4 }), taint, (tolerations, against) => {
      const covers = tolerations.some((each) => toleratesTaint(each, against));
      expect(isTolerated(pod({ tolerations }), against)).toBe(covers);
    }),
    { numRuns: 2000 },
  );
});
