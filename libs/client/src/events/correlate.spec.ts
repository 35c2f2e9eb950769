import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { EventCorrelator, type Occurrence } from './correlate.ts';

const at = (seconds: number): Date => new Date(1_800_000_000_000 + seconds * 1000);
const pod = (uid: string): KubeObject => ({ metadata: { name: 'p', namespace: 'd', uid } });
const occurrence = (message: string, over: Partial<Occurrence> = {}): Occurrence => ({
  about: pod('u'),
  type: 'Warning',
  reason: 'BackOff',
  message,
  ...over,
});

describe('events', () => {
  it('that repeat are counted under one name', () => {
    const correlator = new EventCorrelator();
    const [first, second] = [0, 4000].map((seconds) => correlator.see(occurrence('again'), at(seconds)));
    expect(second).toMatchObject({ name: first?.name, count: 2, first: at(0), last: at(4000) });
  });

  it.each<[string, Partial<Occurrence>]>([
    ['words', { message: 'other' }],
    ['reason', { reason: 'Failed' }],
    ['type', { type: 'Normal' }],
    ['part of the object', { fieldPath: 'spec.containers{a}' }],
    ['object', { about: pod('v') }],
  ])('of another %s are others', (_, over) => {
    const correlator = new EventCorrelator();
    const first = correlator.see(occurrence('one'), at(0));
    const other = correlator.see(occurrence('one', over), at(0));
    expect(other).toMatchObject({ count: 1 });
    expect(other?.name).not.toBe(first?.name);
  });

  it('have other names for whoever else records them', () => {
    const [a, b] = [new EventCorrelator(), new EventCorrelator()].map((each) => each.see(occurrence('x'), at(0)));
    expect(a?.name).not.toBe(b?.name);
  });

  it('of one reason with ever other words are combined from the tenth on, and apart again after a rest', () => {
    const correlator = new EventCorrelator();
    const seen = Array.from({ length: 12 }, (_, i) => correlator.see(occurrence(`number ${i}`), at(i)));
    expect(seen.map((each) => each?.count)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3]);
    expect(seen[11]?.occurrence.message).toBe('(combined from similar events): number 11');
    expect(seen[11]?.name).toBe(seen[9]?.name);
    expect(correlator.see(occurrence('later'), at(700))?.occurrence.message).toBe('later');
  });

  it('of one object are cut off after a burst, and let through again one by one', () => {
    const correlator = new EventCorrelator();
    const flood = Array.from({ length: 30 }, () => correlator.see(occurrence('x'), at(0)));
    expect(flood.filter((each) => each !== undefined)).toHaveLength(25);
    expect(correlator.see(occurrence('x', { about: pod('v') }), at(0))).toBeDefined();
    expect(correlator.see(occurrence('x'), at(299))).toBeUndefined();
    expect(correlator.see(occurrence('x'), at(301))).toMatchObject({ count: 26 });
    expect(correlator.see(occurrence('x'), at(302))).toBeUndefined();
  });

  it('are remembered without the objects they are about', async () => {
    const correlator = new EventCorrelator();
    const told = (): WeakRef<KubeObject> => {
      const about = pod('u');
      correlator.see(occurrence('x', { about }), at(0));
      return new WeakRef(about);
    };
    const about = told();
    await collectGarbage();
    expect(about.deref()).toBeUndefined();
    expect(correlator.see(occurrence('x'), at(1))).toMatchObject({ count: 2 });
  });
});

/** What a WeakRef was asked for in this turn of the event loop stays until the next. */
async function collectGarbage(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
