import { describe, expect, it } from 'vitest';
import { faultsOf, faultsOfChange } from '../../kind-faults.fixture.ts';

describe('events', () => {
  const involvedObject = { kind: 'Pod', name: 'p', namespace: 'default' };
  const eventTime = '2026-11-24T10:00:00.000000Z';
  const full = {
    eventTime,
    reportingComponent: 'a.test/b',
    reportingInstance: 'i',
    action: 'Do',
    reason: 'R',
    type: 'Normal',
  };
  const strict = ({ reportingComponent, ...rest }: typeof full) => ({
    ...rest,
    reportingController: reportingComponent,
  });

  it.each<[string, object, string[]]>([
    ['of old', { involvedObject, reason: 'R' }, []],
    [
      'about another namespace',
      { involvedObject: { ...involvedObject, namespace: 'x' } },
      ['involvedObject.namespace: Invalid value: "x": does not match event.namespace'],
    ],
    ['of today', { involvedObject, ...full }, []],
    [
      'of today without the rest',
      { involvedObject, eventTime },
      [
        'reportingComponent: Required value',
        'reportingComponent: Invalid value: "": name part must be non-empty',
        expect.stringContaining('reportingComponent: Invalid value: "": name part must consist of'),
        'reportingInstance: Required value',
        'action: Required value',
        'reason: Required value',
      ] as string[],
    ],
    [
      'with much to say',
      { involvedObject, ...full, message: 'x'.repeat(1025) },
      ['message: Invalid value: "": can have at most 1024 characters'],
    ],
  ])('%s', (_, event, faults) => {
    expect(faultsOf('Event', event)).toEqual(faults);
  });

  it('are held to stricter rules by the newer API, once', () => {
    const faults = (event: object) => faultsOf('Event', event, 'events.k8s.io');
    expect(faults({ regarding: involvedObject, ...strict(full) })).toEqual([]);
    expect(
      faults({
        regarding: involvedObject,
        ...strict({ ...full, type: 'Bad' }),
        series: { count: 1 },
        deprecatedCount: 2,
      }),
    ).toEqual([
      'series.count: Invalid value: "": should be at least 2',
      'series.lastObservedTime: Required value',
      'type: Invalid value: "": has invalid value: Bad',
      'count: Invalid value: "": needs to be unset',
    ]);
    const stored = { regarding: involvedObject, deprecatedCount: 2, type: 'Normal' };
    expect(faultsOfChange('Event', stored, stored, 'events.k8s.io')).toEqual([]);
    expect(faultsOfChange('Event', stored, { ...stored, note: 'new' }, 'events.k8s.io')).toEqual([
      'message: Invalid value: "new": field is immutable',
    ]);
  });
});
