import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** proc_pid_net(5), `tr`: what the kernel waits for on a connection. */
const TIMERS = ['none', 'retransmission', 'keepalive', 'time wait', 'window probe'] as const;

/** Which timer runs on this end of a connection once all that was sent is acknowledged. */
export async function kernelTimer({ localPort, remotePort }: Socket): Promise<(typeof TIMERS)[number] | undefined> {
  const [local, remote] = [localPort, remotePort].map(
    (port) => `:${port!.toString(16).toUpperCase().padStart(4, '0')}`,
  );
  for (;;) {
    const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/net/${table}`, 'latin1')));
    const lines = tables.flatMap((table) => table.split('\n')).map((line) => line.trim().split(/\s+/));
    const found = lines.find((fields) => fields[1]?.endsWith(local!) && fields[2]?.endsWith(remote!));
    const timer = found && TIMERS[Number.parseInt(found[5]!, 16)];
    if (timer !== 'retransmission') return timer;
  }
}
