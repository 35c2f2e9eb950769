import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, type Context, FakeClock, silentLogger, systemClock } from '@kubernest/kit';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbandonedSessions } from './abandoned-sessions.ts';
import { openExec } from './exec.ts';
import { ExecMark } from './exec-mark.ts';

/** As much of an engine as one exec takes; who leads it is told when it is released. */
const engine = createServer();
let seen: string[] = [];
let release = (): void => {};
let leader: number | undefined;
let inputEnded: Promise<void>;
let port: number;

beforeEach(async () => {
  seen = [];
  leader = process.pid;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  engine.removeAllListeners('request').on('request', async (request, response) => {
    request.resume();
    let answer: object = { Id: 'exec' };
    if (request.url?.endsWith('/exec/json')) {
      await released;
      seen.push(seen.includes('end of input') ? 'asked for its end' : 'told');
      answer = { Running: true, ExitCode: null, Pid: leader };
    }
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  inputEnded = new Promise<void>((resolve) => {
    engine.removeAllListeners('upgrade').on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
      socket.on('error', () => {});
      socket.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
      socket.on('end', () => {
        seen.push('end of input');
        socket.end();
        resolve();
      });
    });
  });
  await once(engine.listen(0, '127.0.0.1'), 'listening');
  ({ port } = engine.address() as AddressInfo);
});
afterEach(async () => {
  release();
  engine.closeAllConnections();
  await new Promise((resolve) => engine.close(resolve));
});

/** In the cgroup of every process. */
const everyContainer = ':';

/** A session, and what becomes of its client. */
async function open(clock: Clock = systemClock) {
  const client = new AbortController();
  const ctx: Context = { signal: client.signal, clock, log: silentLogger };
  const abandoned = new AbandonedSessions(clock);
  const docker = new Docker({ host: '127.0.0.1', port });
  const request = { command: ['sh'], stdin: true, stdout: true, stderr: false, tty: true };
  const session = await openExec({ docker, abandoned, mark: new ExecMark() }, everyContainer, request, ctx);
  const leave = () => client.abort(new Error('the client went away'));
  return { docker, abandoned, stdin: session.stdin as NodeJS.WritableStream & { destroy(): void }, leave };
}

describe('the end of what a command reads', () => {
  type Opened = Awaited<ReturnType<typeof open>>;
  it.each<[string, (session: Opened) => void]>([
    ['its input ends', ({ stdin }) => stdin.end()],
    ['its input breaks off', ({ stdin }) => stdin.destroy()],
    ['its client is gone', ({ leave }) => leave()],
    [
      'its client is gone, and its input ends',
      ({ stdin, leave }) => {
        leave();
        stdin.end();
      },
    ],
    [
      'its input breaks off, and its client is gone',
      ({ stdin, leave }) => {
        stdin.destroy();
        leave();
      },
    ],
  ])('reaches it when it is known who leads it: %s', async (_, happens) => {
    const session = await open();
    session.stdin.write('typed');
    while (seen.length === 0) await session.docker.listImages();
    happens(session);
    // Whatever was on its way to the engine comes before these.
    for (let round = 0; round < 5; round++) await session.docker.listImages();
    expect(seen).toEqual(['typed']);
    release();
    await inputEnded;
    expect(seen).toEqual(['typed', 'told', 'end of input']);
  });
});

it('ends a command whose client goes away after the engine had no more to say of it', async () => {
  const command = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  const ended = once(command, 'exit');
  leader = command.pid;
  const { stdin, leave } = await open();
  release();
  stdin.end();
  await inputEnded;
  while (!seen.includes('asked for its end')) await new Promise((resolve) => setImmediate(resolve));
  leave();
  expect(await ended).toEqual([null, 'SIGHUP']);
});

it('an engine that does not tell who leads a command keeps neither its session nor an agent that stops', async () => {
  const clock = new FakeClock();
  const { docker, leave, abandoned } = await open(clock);
  leave();
  let over = false;
  const ended = abandoned.ended().then(() => (over = true));
  for (let round = 0; round < 5; round++) await docker.listImages();
  expect(over).toBe(false);
  await clock.passUntil(Promise.all([ended, inputEnded]));
  expect(seen).toEqual(['end of input']);
});
