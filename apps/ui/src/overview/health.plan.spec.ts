import type { OverviewRows, SectionCounts, SectionName } from '@kubernest/live';
import { describe, expect, it } from 'vitest';
import { emptyOverview, type OverviewView, type SectionView } from '../connection/apply-delta.ts';
import { type Health, healthOf } from './health.plan.ts';

type Sections = { readonly [S in SectionName]?: SectionView<OverviewRows[S]> };

const none: SectionView<never> = { state: 'ready', total: 0, counts: {}, rows: new Map<string, never>() };
const denied: SectionView<never> = { ...none, state: 'denied', message: 'you may not list these' };
/** Rows that say only what the sentence is made of. */
const there: SectionView<never> = { ...none, total: 1 };
const counted = (total: number, counts: SectionCounts): SectionView<never> => ({ ...none, total, counts });
const rows = <S extends SectionName>(
  of: readonly object[],
  counts: SectionCounts = {},
): SectionView<OverviewRows[S]> => ({
  ...none,
  counts,
  total: of.length,
  rows: new Map(of.map((row, index) => [String(index), { key: String(index), ...row } as OverviewRows[S]])),
});
const seen = (sections: Sections): OverviewView => ({ ...emptyOverview, place: there, ...sections });

const critical = { severity: 'critical' };
const warning = { severity: 'warning' };

describe('the cluster in one sentence', () => {
  it.each<[what: string, view: OverviewView, namespace: string, expected: Partial<Health>]>([
    ['nothing is known yet', emptyOverview, '', { tone: 'unknown', sentence: 'Looking at the cluster…', detail: '' }],
    ['nothing is known of a namespace', emptyOverview, 'a', { tone: 'unknown', sentence: 'Looking at namespace a…' }],
    [
      'the caller may see nothing',
      seen({ problems: denied }),
      'a',
      { tone: 'unknown', sentence: 'You may not see how namespace a is doing.' },
    ],
    ['all is well', seen({ problems: none }), '', { tone: 'good', sentence: 'The cluster is well.' }],
    ['a namespace is well', seen({ problems: none }), 'a', { tone: 'good', sentence: 'Namespace a is well.' }],
    [
      'all that may be seen is well',
      seen({ problems: { ...none, message: 'nodes are not looked at' } }),
      '',
      { tone: 'good', sentence: 'Nothing is wrong in what you may see.' },
    ],
    [
      'there is no such namespace',
      seen({ place: none, problems: none, pods: none }),
      'shpo',
      { tone: 'unknown', sentence: 'There is no namespace shpo.' },
    ],
    ['a namespace is not found yet', seen({ place: emptyOverview.place, problems: none }), 'a', { tone: 'unknown' }],
    [
      'a namespace may not be seen, but what is in it',
      seen({ place: denied, problems: none }),
      'a',
      { tone: 'good', sentence: 'Nothing is wrong in what you may see.' },
    ],
    [
      'one roll-out is under way',
      seen({ problems: none, deployments: counted(2, { moving: 1, done: 800, wanted: 1500 }) }),
      '',
      { tone: 'moving', sentence: 'In motion: one roll-out, 800 of 1,500 replicas.' },
    ],
    [
      'several are',
      seen({ problems: none, deployments: counted(2, { moving: 2, done: 0, wanted: 1 }) }),
      '',
      { tone: 'moving', sentence: 'In motion: 2 roll-outs, 0 of 1 replica.' },
    ],
    [
      'pods are not running yet',
      seen({ problems: none, pods: counted(2000, { well: 0 }) }),
      '',
      { tone: 'moving', sentence: 'In motion: 2,000 pods not running yet or no longer.' },
    ],
    [
      'a roll-out is under way and something is wrong',
      seen({ problems: rows<'problems'>([warning]), deployments: counted(1, { moving: 1, done: 0, wanted: 1 }) }),
      '',
      { tone: 'warning', sentence: 'One thing is wrong.' },
    ],
    [
      'one warning',
      seen({ problems: rows<'problems'>([warning]) }),
      '',
      { tone: 'warning', sentence: 'One thing is wrong.' },
    ],
    [
      'one of three is critical',
      seen({ problems: rows<'problems'>([warning, critical, warning], { critical: 1 }) }),
      '',
      { tone: 'bad', sentence: '3 things are wrong.' },
    ],
  ])('%s', (_, view, namespace, expected) => {
    expect(healthOf(view, namespace)).toMatchObject(expected);
  });

  it('has the counts of the server, whatever is in the window', () => {
    const view = seen({
      problems: none,
      nodes: rows<'nodes'>([{ ready: true }, { ready: true }], { ready: 1 }),
      pods: { ...rows<'pods'>([{ well: false }, { well: true }], { well: 0 }), total: 2000 },
      deployments: rows<'deployments'>([{}]),
    });
    expect(healthOf(view, '').detail).toBe('1 of 2 nodes ready · 0 of 2,000 pods running well · 1 deployment');
    expect(healthOf({ ...view, nodes: denied, pods: denied }, '').detail).toBe('1 deployment');
  });
});
