import { text } from 'node:stream/consumers';
import { systemClock } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { ContainerStartError } from '../errors.ts';
import type { SuiteBench } from './bench.ts';
import { untilTold } from './configs.ts';

/** Streams into a running container and its ports. */
export function describeSessions(bench: SuiteBench): void {
  it('keeps standard output and error of a session apart and passes its input', async () => {
    const { id } = await bench.started(untilTold);
    const session = await bench.runtime.exec(
      id,
      {
        command: ['/bin/busybox', 'sh', '-c', 'cat; echo bad >&2; exit 5'],
        stdin: true,
        stdout: true,
        stderr: true,
        tty: false,
      },
      bench.ctx,
    );
    session.stdin?.end('hello');
    const [out, err] = await Promise.all([text(session.stdout!), text(session.stderr!)]);
    expect([out, err, await session.exitCode]).toEqual(['hello', 'bad\n', 5]);
  });

  it('gives a terminal of the size asked for', async () => {
    const { id } = await bench.started(untilTold);
    const session = await bench.runtime.exec(
      id,
      {
        command: ['/bin/busybox', 'sh', '-c', 'read x; stty size'],
        stdin: true,
        stdout: true,
        stderr: true,
        tty: true,
      },
      bench.ctx,
    );
    await session.resize(101, 37);
    session.stdin?.write('go\n');
    expect(await text(session.stdout!)).toContain('37 101');
    expect(session.stderr).toBeUndefined();
    expect(await session.exitCode).toBe(0);
  });

  it('rejects the exit code of a session whose command does not exist', async () => {
    const { id } = await bench.started(untilTold);
    const open = async () => {
      const session = await bench.runtime.exec(
        id,
        { command: ['/no/such/program'], stdin: false, stdout: true, stderr: true, tty: false },
        bench.ctx,
      );
      return session.exitCode;
    };
    await expect(open()).rejects.toThrow(ContainerStartError);
  });

  it('ends a session of input alone with its command, though the input stays open', async () => {
    const { id } = await bench.started(untilTold);
    const session = await bench.runtime.exec(
      id,
      {
        command: ['/bin/busybox', 'sh', '-c', 'read x; exit 5'],
        stdin: true,
        stdout: false,
        stderr: false,
        tty: false,
      },
      bench.ctx,
    );
    session.stdin?.write('go\n');
    expect(await session.exitCode).toBe(5);
  });

  it('ends a session with its context', async () => {
    const { id } = await bench.started(untilTold);
    const life = new AbortController();
    const session = await bench.runtime.exec(
      id,
      { command: ['/bin/busybox', 'sleep', '1000'], stdin: false, stdout: true, stderr: false, tty: false },
      { ...bench.ctx, signal: life.signal },
    );
    const reason = new Error('client went away');
    life.abort(reason);
    await expect(session.exitCode).rejects.toBe(reason);
  });

  it('attaches to a running container', async () => {
    const { id } = await bench.started('read line; echo "got $line"; exit 4', { stdin: true, stdinOnce: true });
    const session = await bench.runtime.attach(id, { stdin: true, stdout: true, stderr: true, tty: false }, bench.ctx);
    session.stdin?.write('it\n');
    expect(await text(session.stdout!)).toBe('got it\n');
    expect(await session.exitCode).toBe(4);
  });

  it('attaches to no container that has ended: nothing would come of it, and no end', async () => {
    const { id } = await bench.started('echo hi');
    await bench.ended(id);
    const streams = { stdin: true, stdout: true, stderr: true, tty: false };
    await expect(bench.runtime.attach(id, streams, bench.ctx)).rejects.toThrow(/is not running/);
  });

  it('goes on hearing an attached container after its own input ended', async () => {
    const { id } = await bench.started('read line; sleep 0.2; echo "got $line"', { stdin: true });
    const streams = { stdin: true, stdout: true, stderr: true, tty: false };
    const session = await bench.runtime.attach(id, streams, bench.ctx);
    session.stdin?.end('it\n');
    expect(await text(session.stdout!)).toBe('got it\n');
    expect(await session.exitCode).toBe(0);
  });

  it('connects to a port that listens on the pod’s loopback only', async () => {
    const { box } = await bench.started('echo pong > /tmp/ping; exec /bin/busybox httpd -f -p 127.0.0.1:8080 -h /tmp');
    const open = async () => {
      for (;;) {
        const stream = await bench.runtime.portForward(box.id, 8080, bench.ctx).catch(() => undefined);
        if (stream) return stream;
        await systemClock.sleep(20, bench.ctx.signal);
      }
    };
    const stream = await open();
    stream.end('GET /ping HTTP/1.0\r\n\r\n');
    expect(await text(stream)).toMatch(/200 OK[\s\S]*pong\n$/);
  });

  it('says that nothing listens on a port', async () => {
    const box = await bench.sandbox();
    await expect(bench.runtime.portForward(box.id, 8080, bench.ctx)).rejects.toThrow(/connection refused/);
  });
}
