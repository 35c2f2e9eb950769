import { expect, it } from 'vitest';
import { tellEach } from './tell-each.ts';

it('tells all in their order, and of each that throws what it threw', () => {
  const told: number[] = [];
  const faults: unknown[] = [];
  const tell = (listener: number): void => {
    told.push(listener);
    if (listener % 2 === 0) throw listener;
  };
  tellEach([1, 2, 3, 4], tell, (fault) => faults.push(fault));
  expect({ told, faults }).toEqual({ told: [1, 2, 3, 4], faults: [2, 4] });
});

it('who leaves while others are told is told no more', () => {
  const told: string[] = [];
  const listeners = new Set(['a', 'b', 'c']);
  const tell = (listener: string): void => {
    told.push(listener);
    listeners.delete('b');
  };
  tellEach(listeners, tell, () => {});
  expect(told).toEqual(['a', 'c']);
});
