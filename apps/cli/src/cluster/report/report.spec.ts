import type { Node, Pod } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { judgeReport } from './report.ts';

const now = new Date('2026-01-01T12:00:00Z');
const known = (...running: readonly string[]) => ({
  name: 'lab',
  dataDir: '/data/lab',
  store: 'sqlite',
  processes: ['up', 'api', 'agent', 'engine'].map((name) => ({ name, pid: running.includes(name) ? 7 : undefined })),
  api: 'https://127.0.0.1:6443',
  dashboard: 'https://127.0.0.1:6443/ui/',
  context: 'kubernest-lab',
  ranges: { pods: '10.1.0.0/16', services: '10.2.0.0/16', nodePorts: '30000-32767' },
});
const node = (name: string, status: string): Node => ({
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status }] },
});
const pod = (phase: string, ready = 'True'): Pod => ({
  metadata: { namespace: 'a', name: phase, creationTimestamp: now.toISOString() },
  status: { phase, conditions: [{ type: 'Ready', status: ready }] },
});
const well = { nodes: [node('n', 'True')], pods: [pod('Running'), pod('Pending', 'False')], faults: [] };
const silent = { silent: 'the API server cannot be reached' };

it('a cluster whose processes run and whose nodes and pods are well runs; a found engine is no process of it', () => {
  expect(judgeReport(known('up', 'api', 'agent'), well, now)).toMatchObject({
    state: 'running',
    unwell: [],
    nodes: { well: 1, all: 1 },
    pods: { well: 1, all: 2 },
  });
});

it('an own engine that runs and does not answer is unwell', () => {
  const engineFault = 'containerd does not answer';
  expect(judgeReport({ ...known('up', 'api', 'agent', 'engine'), engineFault }, well, now)).toMatchObject({
    state: 'unwell',
    unwell: [engineFault],
  });
});

it('pods are counted as the dashboard counts them: done, or running and ready', () => {
  const pods = [pod('Succeeded', 'False'), pod('Running'), pod('Running', 'False'), pod('Failed', 'False')];
  expect(judgeReport(known('up'), { ...well, pods }, now).pods).toEqual({ well: 2, all: 4 });
});

it('it is unwell with a word for each thing that is not as it should be', () => {
  const faults = [
    { reason: 'NodePortUnavailable', words: 'team/web: 30080/TCP on n', uid: 'u' },
    { reason: 'ServiceRulesRefused', words: 'team/db: refused', uid: 'v' },
  ];
  expect(judgeReport(known('up', 'api'), { ...well, nodes: [node('n', 'False')], faults }, now)).toMatchObject({
    state: 'unwell',
    unwell: ['agent does not run', 'node n is not Ready', 'team/web: 30080/TCP on n', 'team/db: refused'],
    nodes: { well: 0, all: 1 },
    missingNodePorts: ['team/web: 30080/TCP on n'],
  });
});

it('a found engine that does not answer is named, with what to do', () => {
  const away = { ...known('up', 'api', 'agent'), foundEngine: { socket: '/run/d.sock', answers: false } };
  const words = 'the Docker Engine at /run/d.sock does not answer: start it again, such as with systemctl start docker';
  expect(judgeReport(away, well, now)).toMatchObject({
    state: 'unwell',
    unwell: [`${words}; the pods are its containers`],
  });
  const there = { ...away, foundEngine: { ...away.foundEngine, answers: true } };
  expect(judgeReport(there, well, now)).toMatchObject({ state: 'running', unwell: [] });
});

it('it is unwell while its API is silent, and nothing is counted then', () => {
  const report = judgeReport(known('up', 'agent'), silent, now);
  expect(report).toMatchObject({ state: 'unwell', unwell: ['api does not run', silent.silent] });
  expect([report.nodes, report.pods]).toEqual([undefined, undefined]);
});

it.each([silent, well])(
  'one of which nothing runs is stopped and lacks nothing, whoever answers in its place: %j',
  (said) => {
    expect(judgeReport(known(), said, now)).toMatchObject({ state: 'stopped', unwell: [] });
  },
);

it.each([['api'], ['agent'], ['api', 'agent', 'engine']])(
  'one whose up is gone and whose %s go on is unwell',
  (...left) => {
    const { state, unwell } = judgeReport(known(...left), well, now);
    expect([state, unwell[0]]).toEqual([
      'unwell',
      `up does not run, and nobody starts again what ends of ${left.map((name) => `${name} (pid 7)`).join(', ')}: "up" takes over what is left, "down" stops it`,
    ]);
  },
);

it('a process that is suspended is told of, with what wakes it', () => {
  const processes = [
    { name: 'up', pid: 7, suspended: true as const },
    { name: 'api', pid: 8 },
    { name: 'agent', pid: 9 },
  ];
  expect(judgeReport({ ...known(), processes }, well, now)).toMatchObject({
    state: 'unwell',
    unwell: ['up is suspended and does nothing: wake it with kill -CONT 7'],
  });
});
