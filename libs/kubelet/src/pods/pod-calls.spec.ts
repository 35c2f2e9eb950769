import { describe, expect, it } from 'vitest';
import { PodCalls } from './pod-calls.ts';

const known = new Set(['sandbox']);
const calls = () => new PodCalls((id) => known.has(id));

describe('a pod for which something is made or ended', () => {
  it('is as it is told, when the call succeeds and all that was heard of is known', async () => {
    const pods = calls();
    await pods.run('u', async () => expect(pods.heard('u', 'sandbox')).toBe(true));
    expect(pods.isDoubtful('u')).toBe(false);
  });

  it.each<[string, (pods: PodCalls) => Promise<void>]>([
    ['the call fails', () => Promise.reject(new Error('away'))],
    ['more was made than it tells of', async (pods) => void pods.heard('u', 'another')],
  ])('is doubtful when %s, until somebody has looked', async (_, call) => {
    const pods = calls();
    await pods.run('u', () => call(pods)).catch(() => {});
    expect([pods.isDoubtful('u'), pods.isDoubtful('other')]).toEqual([true, false]);
    pods.confirmed('u');
    expect(pods.isDoubtful('u')).toBe(false);
  });

  it('has nobody who will tell of it when no call is under way', async () => {
    const pods = calls();
    expect(pods.heard('u', 'another')).toBe(false);
    const { promise, resolve } = Promise.withResolvers<void>();
    const two = [pods.run('u', () => promise), pods.run('u', async () => {})];
    await two[1];
    expect(pods.heard('u', 'another')).toBe(true);
    resolve();
    await two[0];
    expect([pods.heard('u', 'another'), pods.isDoubtful('u')]).toEqual([false, true]);
  });
});
