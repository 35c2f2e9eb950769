import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Context } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';
import { ContainerStartError } from '@kubernest/runtime/contract';
import { childStream } from './child-stream.ts';
import { findListener, localAddresses } from './listeners.ts';

export interface PodProcess {
  /** The sandbox's process on this machine. */
  readonly pid: number;
  readonly hostNetwork: boolean;
  readonly busyboxPath: string;
}

/** Who listens on every address is reached directly at the pod's; who listens on its loopback only, from inside its network namespace. */
export async function openPodPort(pod: PodProcess, port: number, ctx: Context): Promise<Duplex> {
  const read = async (name: string) => (await ifThere(readFile(`/proc/${pod.pid}/net/${name}`, 'utf8'))) ?? '';
  const [tcp, tcp6, trie] = await Promise.all([read('tcp'), read('tcp6'), read('fib_trie')]);
  const listener = findListener(tcp, port) ?? findListener(tcp6, port);
  if (!listener) throw new ContainerStartError(`nothing listens on port ${port} in the pod: connection refused`);
  if (pod.hostNetwork) return dial(listener.at === 'everywhere' ? '127.0.0.1' : listener.address, port, ctx);
  const ownAddresses = localAddresses(trie);
  if (listener.at === 'address') {
    return ownAddresses.includes(listener.address)
      ? dial(listener.address, port, ctx)
      : relay(pod, listener.address, port, ctx);
  }
  const [address] = ownAddresses;
  return address ? dial(address, port, ctx) : relay(pod, '127.0.0.1', port, ctx);
}

function dial(host: string, port: number, ctx: Context): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    // The other side may go on sending after it has heard our end.
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const abort = () => socket.destroy();
    ctx.signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => ctx.signal.removeEventListener('abort', abort));
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) =>
      reject(new ContainerStartError(`port ${port} of the pod: ${error.message}`, { cause: error })),
    );
    socket.once('close', () =>
      reject(ctx.signal.aborted ? ctx.signal.reason : new ContainerStartError(`port ${port} of the pod: closed`)),
    );
  });
}

/** The host's own busybox, moved into the pod's network only: the pod's image need not have anything. */
function relay(pod: PodProcess, address: string, port: number, ctx: Context): Duplex {
  if (!existsSync(pod.busyboxPath))
    throw new ContainerStartError(
      `port ${port} listens on the pod's loopback only: reaching it needs ${pod.busyboxPath} (install busybox-static)`,
    );
  const child = spawn('nsenter', ['-t', String(pod.pid), '-n', pod.busyboxPath, 'nc', address, String(port)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const abort = () => void child.kill('SIGKILL');
  ctx.signal.addEventListener('abort', abort, { once: true });
  child.once('close', () => ctx.signal.removeEventListener('abort', abort));
  return childStream(child);
}
