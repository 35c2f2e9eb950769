import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbandonedSessions } from './abandoned-sessions.ts';
import { execToEnd, openExec } from './exec.ts';
import { ExecMark } from './exec-mark.ts';

/** In the cgroup of every process. */
const everyContainer = ':';

/** An engine that is slow with one exec, whose command is a process of this machine. */
const engine = createServer();
let command: ChildProcess;
let inspects: number;
let onInspect: (answer: (status: number, body: object) => void) => void;
let onStart: (start: () => Duplex) => void;

const running = () => ({ Running: true, ExitCode: null, Pid: command.pid });
const starting = { Running: true, ExitCode: null, Pid: 0 };

beforeEach(async () => {
  command = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  inspects = 0;
  onInspect = (answer) => answer(200, running());
  onStart = (start) => void start();
  const answering = (response: ServerResponse) => (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  engine.removeAllListeners('request').on('request', (request, response) => {
    request.resume();
    const answer = answering(response);
    if (!request.url?.endsWith('/exec/json') || request.method === 'POST') return answer(201, { Id: 'exec' });
    inspects += 1;
    onInspect(answer);
  });
  engine.removeAllListeners('upgrade').on('upgrade', (_request, socket) => {
    socket
      .on('error', () => {})
      .on('end', () => socket.end())
      .resume();
    onStart(() => {
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
      return socket;
    });
  });
  await once(engine.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  command.kill('SIGKILL');
  engine.closeAllConnections();
  await new Promise((resolve) => engine.close(resolve));
});

function executing() {
  const clock = new FakeClock();
  const client = new AbortController();
  const ctx: Context = { signal: client.signal, clock, log: silentLogger };
  const docker = new Docker({ host: '127.0.0.1', port: (engine.address() as AddressInfo).port });
  const parts = { docker, abandoned: new AbandonedSessions(clock), mark: new ExecMark() };
  const leave = () => client.abort(new Error('the client went away'));
  return { parts, clock, ctx, leave, ended: once(command, 'exit') };
}
const request = { command: ['sleep'], stdin: false, stdout: true, stderr: false, tty: false };

describe('a command whose client has left ends, however the engine is', () => {
  it.each<[string, () => void]>([
    ['it knows the process late', () => (onInspect = (answer) => answer(200, inspects < 40 ? starting : running()))],
    [
      'it fails when it is asked',
      () => (onInspect = (answer) => (inspects < 40 ? answer(500, { message: 'cannot' }) : answer(200, running()))),
    ],
    ['it answers only some questions', () => (onInspect = (answer) => inspects < 5 || answer(200, running()))],
  ])('%s', async (_, is) => {
    is();
    const { parts, clock, ctx, leave, ended } = executing();
    await openExec(parts, everyContainer, request, ctx);
    leave();
    expect(await clock.passUntil(ended)).toEqual([null, 'SIGHUP']);
  });

  it('it starts the command after that', async () => {
    const asked = Promise.withResolvers<() => Duplex>();
    onStart = asked.resolve;
    const { parts, clock, ctx, leave, ended } = executing();
    const opened = openExec(parts, everyContainer, request, ctx);
    const start = await asked.promise;
    leave();
    await expect(opened).rejects.toThrow('the client went away');
    const closed = once(start(), 'close');
    expect(await clock.passUntil(ended)).toEqual([null, 'SIGHUP']);
    await clock.passUntil(closed);
  });

  it('it breaks off when it is to start the command', async () => {
    onStart = (start) => void start().destroy();
    onInspect = (answer) => (inspects < 5 ? answer(500, { message: 'cannot' }) : answer(200, running()));
    const { parts, clock, ctx, ended } = executing();
    const session = await openExec(parts, everyContainer, request, ctx);
    await expect(session.exitCode).rejects.toThrow('cannot');
    expect(await clock.passUntil(ended)).toEqual([null, 'SIGHUP']);
  });
});

it('a probe that takes too long is killed, even when the engine starts it after that', async () => {
  const asked = Promise.withResolvers<() => Duplex>();
  onStart = asked.resolve;
  const { parts, clock, ctx, ended } = executing();
  const probed = execToEnd(parts, everyContainer, ['sleep'], 1, ctx);
  const start = await asked.promise;
  expect(await clock.passUntil(probed)).toMatchObject({ timedOut: true });
  start();
  expect(await clock.passUntil(ended)).toEqual([null, 'SIGKILL']);
});

it('of a command that has ended, or whose container is gone, nothing more is asked', async () => {
  for (const [status, body] of [
    [200, { Running: false, ExitCode: 0, Pid: 0 }],
    [404, { message: 'no such exec' }],
  ] as const) {
    onInspect = (answer) => answer(status, body);
    const { parts, clock, ctx, leave } = executing();
    await openExec(parts, everyContainer, request, ctx);
    leave();
    await clock.passUntil(parts.abandoned.ended());
    const seen = inspects;
    await clock.advance(3_600_000);
    expect(inspects).toBe(seen);
  }
});
