import { expect, it } from 'vitest';
import { lastError } from './last-error.ts';

it.each([
  [
    'etcd: 14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ',
    'connect ECONNREFUSED 127.0.0.1:1',
  ],
  [
    'etcd: 14 UNAVAILABLE: No connection established. Last error: Protocol error (2026-01-01T10:00:00.000Z). Resolution note: ',
    'Protocol error',
  ],
  [
    'etcd: 14 UNAVAILABLE: No connection established. Last error: Error: tls\nalert:\n. Resolution note: ',
    'tls\nalert:',
  ],
  [
    'etcd: 14 UNAVAILABLE: Name resolution failed for target dns:etcd.example:2379. Resolution note: ',
    'etcd: 14 UNAVAILABLE: Name resolution failed for target dns:etcd.example:2379',
  ],
  ['etcd: 4 DEADLINE_EXCEEDED: Deadline exceeded', 'etcd: 4 DEADLINE_EXCEEDED: Deadline exceeded'],
])('of %j, %j says why no etcd answers', (said, why) => {
  expect(lastError(said)).toBe(why);
});
