import type { CoreEvent, Service } from '@kubernest/kinds';
import { lastingWarnings } from '@kubernest/proxy/contract';
import { describe, expect, it } from 'vitest';
import { faultReasons, serviceFaults } from './service-faults.ts';

const now = new Date('2026-01-01T01:00:00Z');
interface Word {
  readonly reason?: string;
  readonly minutesAgo?: number;
  readonly port?: string;
  readonly host?: string;
  readonly uid?: string;
}
const said = ({ reason = 'NodePortUnavailable', minutesAgo = 1, port = '30080/TCP', host = 'n', uid = 'u' }: Word) =>
  ({
    reason,
    message: `${port} on ${host}`,
    source: { host },
    involvedObject: { namespace: 'team', name: 'web', uid, fieldPath: `spec.ports{${port}}` },
    lastTimestamp: new Date(+now - minutesAgo * 60_000).toISOString(),
  }) as CoreEvent;
const web = { metadata: { uid: 'u' } } as Service;

const cases: readonly [string, readonly Word[], readonly string[]][] = [
  ['nothing where nothing was said', [], []],
  ['what is missing', [{}], ['team/web: 30080/TCP on n']],
  [
    'each port and node, newest first',
    [{ minutesAgo: 2 }, { port: '30081/UDP' }, { host: 'm', minutesAgo: 3 }],
    ['team/web: 30081/UDP on n', 'team/web: 30080/TCP on n', 'team/web: 30080/TCP on m'],
  ],
  ['nothing once it is taken', [{ reason: 'NodePortAvailable' }, { minutesAgo: 2 }], []],
  ['what was lost again', [{ reason: 'NodePortAvailable', minutesAgo: 2 }, {}], ['team/web: 30080/TCP on n']],
  ['nothing that nobody repeats any more', [{ minutesAgo: 11 }], []],
  ['nothing of a Service that is gone', [{ uid: 'former' }], []],
  [
    'each reason apart',
    [{ reason: 'ServiceRulesRefused' }, { reason: 'NodePortAvailable', minutesAgo: 0 }],
    ['team/web: 30080/TCP on n'],
  ],
  ['nothing of other reasons', [{ reason: 'Created' }], []],
];

describe('of what a Service lacks on a node, status tells', () => {
  it.each(cases)('%s', (_, words, lines) => {
    expect(serviceFaults(words.map(said), [web], now).map((fault) => fault.words)).toEqual(lines);
  });

  it('it tells of which Service, port and node', () => {
    const [fault] = serviceFaults([said({})], [web], now);
    expect(fault).toMatchObject({ uid: 'u', nodePort: '30080/TCP', node: 'n' });
  });

  it.each(lastingWarnings)('$warning until there is $end', ({ warning, end }) => {
    const told = (...reasons: string[]) =>
      serviceFaults(
        reasons.map((reason, i) => said({ reason, minutesAgo: 5 - i })),
        [web],
        now,
      ).map(({ reason }) => reason);
    expect([told(warning), told(warning, end), told(warning, end, warning)]).toEqual([[warning], [], [warning]]);
    expect(faultReasons).toEqual(expect.arrayContaining([warning, end]));
  });
});
