import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeClock, silentLogger } from '@kubernest/kit';
import Docker from 'dockerode';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AbandonedSessions } from './abandoned-sessions.ts';
import { ExecMark } from './exec-mark.ts';
import { hangUpLost } from './lost-sessions.ts';

/** In the cgroup of every process. */
const everyContainer = ':';
/** As the engine takes them in, and tells them. */
const told = (detachKeys: string): string =>
  Buffer.from(
    detachKeys
      .split(',')
      .map((key) => (key === 'ctrl-^' ? '\x1e' : key))
      .join(''),
  ).toString('base64');

const mark = new ExecMark();
const keysOf = { lost: new ExecMark().detachKeys, own: mark.detachKeys, somebodys: '', 'somebodys with keys': 'a,b' };

const processes = new Map<string, ChildProcess>();
const clock = new FakeClock();
let engine: Server;
let failures: number;
beforeEach(async () => {
  for (const name of Object.keys(keysOf))
    processes.set(
      name,
      spawn('sh', ['-c', 'trap "" HUP; echo; read x'], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] }),
    );
  await Promise.all([...processes.values()].map((each) => once(each.stdout!, 'data')));
  failures = 2;
  engine = createServer((request, response) => {
    request.resume();
    const path = decodeURIComponent(request.url ?? '');
    const name = /\/exec\/(.*)\/json$/.exec(path)?.[1];
    const pid = processes.get(name ?? '')?.pid;
    const answers: [RegExp, unknown][] = [
      [/\/containers\/json/, failures-- > 0 ? undefined : [{ Id: everyContainer }]],
      [/\/containers\/:\/json/, { ExecIDs: ['gone', ...processes.keys()] }],
      [/\/exec\//, pid && { Running: true, Pid: pid, DetachKeys: told(keysOf[name as keyof typeof keysOf]) }],
    ];
    const answer = answers.find(([pattern]) => pattern.test(path))?.[1];
    response.writeHead(answer ? 200 : path.includes('/exec/') ? 404 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: 'cannot' }));
  });
  await once(engine.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  for (const each of processes.values()) each.kill('SIGKILL');
  engine.closeAllConnections();
  await new Promise((resolve) => engine.close(resolve));
});

it('hangs up, once the engine answers, on what another agent executed, and on nobody else', async () => {
  const { port } = engine.address() as AddressInfo;
  const abandoned = new AbandonedSessions(clock);
  const docker = new Docker({ host: '127.0.0.1', port });
  const ctx = { signal: new AbortController().signal, clock, log: silentLogger };
  const ended = once(processes.get('lost')!, 'exit');
  const over = hangUpLost({ docker, abandoned, mark }, { cluster: 'c', node: 'n' }, ctx).then(() => abandoned.ended());
  await clock.passUntil(Promise.all([over, ended]));
  expect(await ended).toEqual([null, 'SIGKILL']);
  const left = [...processes].flatMap(([name, { exitCode, signalCode }]) => ((exitCode ?? signalCode) ? [] : [name]));
  expect(left).toEqual(['own', 'somebodys', 'somebodys with keys']);
});

it('ends with its context, whatever the engine says', async () => {
  const life = new AbortController();
  const docker = new Docker({ socketPath: '/no/such/engine.sock' });
  const ctx = { signal: life.signal, clock, log: silentLogger };
  const executing = { docker, abandoned: new AbandonedSessions(clock), mark };
  const over = hangUpLost(executing, { cluster: 'c', node: 'n' }, ctx);
  life.abort();
  await over;
});
