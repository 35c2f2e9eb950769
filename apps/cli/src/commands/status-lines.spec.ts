import { describe, expect, it } from 'vitest';
import type { ClusterReport } from '../cluster/report/report.ts';
import { statusLines } from './status-lines.ts';

const now = new Date('2026-01-02T00:00:00Z');
const report: ClusterReport = {
  name: 'lab',
  dataDir: '/data/lab',
  state: 'running',
  store: 'sqlite',
  session: { runtime: 'hollow', hollowNodes: 3, startedAt: '2026-01-01T23:48:00.000Z', version: '1.0.0' },
  processes: [
    { name: 'up', pid: 7 },
    { name: 'api', pid: 8, restarted: { at: '2026-01-01T23:50:00Z', why: 'SIGKILL' } },
    { name: 'agent' },
  ],
  api: 'https://127.0.0.1:6443',
  dashboard: 'https://127.0.0.1:6443/ui/',
  context: 'kubernest-lab',
  ranges: { pods: '10.1.0.0/16', services: '10.2.0.0/16', nodePorts: '30000-32767' },
  nodes: { well: 2, all: 3 },
  pods: { well: 4, all: 5 },
  missingNodePorts: ['team/web: 30080/TCP on n'],
  unwell: ['agent does not run', 'team/web: 30080/TCP on n'],
};

it('status tells what there is, what runs and what is wrong, each once', () => {
  expect(statusLines(report, now)).toEqual([
    'cluster lab, in /data/lab',
    'version Kubernest 1.0.0',
    'runtime hollow, 3 simulated nodes',
    'since   up for 12 min, since 2026-01-01T23:48:00.000Z',
    'store   sqlite',
    'ranges  pods 10.1.0.0/16, Services 10.2.0.0/16, node ports 30000-32767',
    'page    https://127.0.0.1:6443/ui/',
    'context kubernest-lab',
    'up      running (pid 7)',
    'api     running (pid 8)',
    '        started again at 2026-01-01T23:50:00Z: SIGKILL',
    'agent   not running',
    'API     https://127.0.0.1:6443 answers; nodes ready 2/3; pods well 4/5',
    'ports   team/web: 30080/TCP on n',
    'unwell  agent does not run',
  ]);
});

describe('of a cluster', () => {
  const lines = (more: Partial<ClusterReport>) => statusLines({ ...report, ...more }, now);

  it.each([
    [true, 'engine  answers at /run/d.sock, found and used'],
    [false, 'engine  does not answer at /run/d.sock, found and used'],
  ])('that uses a found engine, it is told which, and whether it answers: %s', (answers, words) => {
    expect(lines({ foundEngine: { socket: '/run/d.sock', answers } })).toContain(words);
  });

  it('whose API is silent no line says that it answers', () => {
    expect(lines({ nodes: undefined, pods: undefined }).join()).not.toContain('answers');
  });

  it('that never ran under a version that records it, nothing is made up', () => {
    expect(lines({ session: undefined }).join()).not.toMatch(/version|runtime|since/);
  });

  it.each([
    ['2026-01-01T23:59:20Z', '40 s'],
    ['2026-01-01T23:01:00Z', '59 min'],
    ['2026-01-01T20:30:00Z', '3 h 30 min'],
    ['2025-12-29T22:00:00Z', '3 d 2 h'],
    ['2026-01-02T00:00:09Z', '0 s'],
  ])('that was started at %s the length is told: %s', (startedAt, length) => {
    const session = { ...report.session!, startedAt };
    expect(lines({ session })).toContain(`since   up for ${length}, since ${startedAt}`);
    expect(lines({ session, state: 'stopped' })).toContain(`since   last started ${startedAt}`);
  });

  it('with one simulated node it is one, and with containers none is counted', () => {
    expect(lines({ session: { ...report.session!, hollowNodes: 1 } })).toContain('runtime hollow, 1 simulated node');
    expect(lines({ session: { ...report.session!, runtime: 'docker' } })).toContain('runtime docker');
  });
});
