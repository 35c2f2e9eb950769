import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../e2e/support/free-port.ts';
import { Child } from './child.ts';

/** One etcd member of its own, with its data below `dir`. */
export async function startEtcd(dir: string): Promise<{ readonly url: string; readonly child: Child }> {
  const [client, peer] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${client}`;
  const peerUrl = `http://127.0.0.1:${peer}`;
  const child = Child.start('etcd', 'etcd', [
    `--data-dir=${dir}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    '--quota-backend-bytes=8589934592',
    '--logger=zap',
    '--log-level=fatal',
  ]);
  for (let tries = 0; tries < 200; tries++) {
    const healthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return { url, child };
    await sleep(50);
  }
  await child[Symbol.asyncDispose]();
  throw new Error('etcd did not become healthy within ten seconds');
}
