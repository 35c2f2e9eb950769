import type { Taint, Toleration } from '@kubernest/api-types/core/v1';
import { describe, expect, it } from 'vitest';
import { toleratesTaint } from './toleration.ts';

const taint: Taint = { key: 'a', value: 'b', effect: 'NoSchedule' };

describe('toleratesTaint', () => {
  it.each<[string, Toleration, boolean]>([
    ['its key and value', { key: 'a', operator: 'Equal', value: 'b' }, true],
    ['its key and value without operator', { key: 'a', value: 'b' }, true],
    ['its key, whatever the value', { key: 'a', operator: 'Exists' }, true],
    ['everything', { operator: 'Exists' }, true],
    ['everything of its effect', { operator: 'Exists', effect: 'NoSchedule' }, true],
    ['everything of another effect', { operator: 'Exists', effect: 'NoExecute' }, false],
    ['another value', { key: 'a', value: 'c' }, false],
    ['no value', { key: 'a' }, false],
    ['another key', { key: 'c', operator: 'Exists' }, false],
    ['another effect', { key: 'a', operator: 'Exists', effect: 'NoExecute' }, false],
    ['no key and Equal', { operator: 'Equal', value: 'b' }, false],
    ['nothing', {}, false],
  ])('a toleration of %s: %j → %s', (_what, toleration, covers) => {
    expect(toleratesTaint(toleration, taint)).toBe(covers);
  });

  it('takes no value and the empty value for one', () => {
    expect(toleratesTaint({ key: 'a' }, { key: 'a', effect: 'NoSchedule' })).toBe(true);
    expect(toleratesTaint({ key: 'a', value: '' }, { key: 'a', effect: 'NoSchedule' })).toBe(true);
  });
});
