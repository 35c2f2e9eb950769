import type { OverviewRows, SectionName } from '@kubernest/live';
import { describe, expect, it } from 'vitest';
import { emptyOverview, type OverviewView, type SectionView } from '../connection/apply-delta.ts';
import { type Health, healthOf } from './health.plan.ts';

type Sections = { readonly [S in SectionName]?: SectionView<OverviewRows[S]> };

const none: SectionView<never> = { state: 'ready', total: 0, rows: new Map<string, never>() };
const denied: SectionView<never> = { ...none, state: 'denied', message: 'you may not list these' };
/** Rows that say only what the sentence is made of. */
const rows = <S extends SectionName>(of: readonly object[], total = of.length): SectionView<OverviewRows[S]> => ({
  ...none,
  total,
  rows: new Map(of.map((row, index) => [String(index), { key: String(index), ...row } as OverviewRows[S]])),
});
const seen = (sections: Sections): OverviewView => ({ ...emptyOverview, ...sections });

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
      'one warning',
      seen({ problems: rows<'problems'>([warning]) }),
      '',
      { tone: 'warning', sentence: 'One thing is wrong.' },
    ],
    [
      'one of three is critical',
      seen({ problems: rows<'problems'>([warning, critical, warning]) }),
      '',
      { tone: 'bad', sentence: '3 things are wrong.' },
    ],
  ])('%s', (_, view, namespace, expected) => {
    expect(healthOf(view, namespace)).toMatchObject(expected);
  });

  it('counts what the caller may see, pods beyond the window among those that are well', () => {
    const view = seen({
      problems: none,
      nodes: rows<'nodes'>([{ ready: true }, { ready: false }]),
      pods: rows<'pods'>([{ well: false }, { well: true }], 700),
      deployments: rows<'deployments'>([{}]),
    });
    expect(healthOf(view, '').detail).toBe('1 of 2 nodes ready · 699 of 700 pods running well · 1 deployment');
    expect(healthOf({ ...view, nodes: denied, pods: denied }, '').detail).toBe('1 deployment');
  });
});
