import { Duplex } from 'node:stream';
import { FakeClock, silentLogger } from '@kubernest/kit';
import { type ClusterReader, createDialer, type Dialer } from '../../src/index.ts';

const nothing: ClusterReader = { get: () => undefined, list: () => [], fetch: async () => undefined };

/** For API servers in specs whose nodes, pods and webhooks are not there: it finds them in the cluster, and nobody answers. */
export function cutOffDialer(read: ClusterReader = nothing): Dialer {
  const refused = () => Object.assign(new Error('nobody is there'), { code: 'ECONNREFUSED' });
  const open = () => new Duplex({ read() {}, write() {} }).destroy(refused());
  const identity = () => ({ ca: '', cert: '', key: '' });
  const ctx = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
  return createDialer({ read, identity, open, resolve: async () => [] }, ctx);
}
