import type { UserInfo } from '@kubernest/apiserver/contract';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { subjectAccessReview } from './access-reviews.ts';
import { selectorFaults } from './review-selectors.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const call = { user: { username: 'ann', groups: [] } } as never;

it('groups that are named again and again are asked about once', async () => {
  const asked: UserInfo[] = [];
  const core = {
    async authorize({ user }: { readonly user: UserInfo }) {
      asked.push(user);
      return { verdict: 'no-opinion', reason: '' } as const;
    },
  };
  const groups = Array.from({ length: 100_000 }, (_, i) => `g${i % 3}`);
  const spec = { groups, resourceAttributes: { verb: 'get', resource: 'pods' } };
  await subjectAccessReview(core).answer({ metadata: {}, spec } as never, call, ctx);
  expect(asked.map((user) => user.groups)).toEqual([['g0', 'g1', 'g2']]);
});

it('of all that is wrong with a selector as much is told as of any object', () => {
  const requirements = Array.from({ length: 50_000 }, () => ({ key: '', operator: 'In' }));
  expect(selectorFaults({ requirements }, 'spec').length).toBeLessThan(500);
});
