import { expect, it } from 'vitest';
import { lastError } from './last-error.ts';

it('why no etcd answers is told once', () => {
  const said =
    'etcd: 14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';
  expect(lastError(said)).toBe('connect ECONNREFUSED 127.0.0.1:1');
  expect(lastError('etcd: 4 DEADLINE_EXCEEDED: Deadline exceeded')).toBe(
    'etcd: 4 DEADLINE_EXCEEDED: Deadline exceeded',
  );
});
