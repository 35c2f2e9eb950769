import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { OwnWrites } from './own-writes.ts';

const at = (resourceVersion: string, uid = 'u'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', uid, resourceVersion },
});

it('is true, whoever asks and how often, until the cache shows it or something later', async () => {
  const writes = new OwnWrites();
  const [cached, written] = [at('9'), at('10')];
  await writes.write(cached, async () => written);
  expect(writes.latest(cached)).toBe(written);
  expect(writes.possible(writes.latest(cached))).toEqual([written]);
  expect(writes.latest(cached)).toBe(written);
  const later = at('11');
  expect(writes.latest(later)).toBe(later);
  expect(writes.latest(cached)).toBe(cached);
});

it('is nothing to one that was made again under its name', async () => {
  const writes = new OwnWrites();
  await writes.write(at('9'), async () => at('10'));
  const other = at('9', 'v');
  expect(writes.latest(other)).toBe(other);
});
