import type { Authorizer, Decision } from '@kubernest/apiserver/contract';
import { FakeClock, silentLogger } from '@kubernest/kit';
import { describe, expect, test } from 'vitest';
import { parseRequestInfo } from '../requests/request-info.ts';
import { authorizeWith } from './authorize.ts';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
const info = parseRequestInfo({ method: 'GET', path: '/version', query: new URLSearchParams() } as never);
const attributes = { user: { username: 'ann', groups: [] }, info };

const yes: Decision = { verdict: 'allow', reason: 'by a role' };
const no: Decision = { verdict: 'deny', reason: 'not her node' };
const open: Decision = { verdict: 'no-opinion', reason: 'no role' };
const silent: Decision = { verdict: 'no-opinion', reason: '' };

const cases: readonly (readonly [string, readonly Decision[], Decision, number])[] = [
  ['nobody is asked', [], silent, 0],
  ['nobody has an opinion', [silent, silent], silent, 2],
  [
    'one denies after others had none, with all reasons',
    [open, silent, no],
    { verdict: 'deny', reason: 'no role, not her node' },
    3,
  ],
  ['the first allows', [yes, no], yes, 1],
  ['the first denies', [no, yes], no, 1],
  ['a later one allows', [open, yes, no], yes, 2],
  ['reasons add up', [open, open], { verdict: 'no-opinion', reason: 'no role, no role' }, 2],
];

describe.each(['at once', 'later', 'in turn at once and later'])('authorizers that answer %s', (how) => {
  test.each(cases)('%s', async (_, decisions, expected, asked) => {
    let count = 0;
    const authorizers = decisions.map((decision, at): Authorizer => {
      const isLater = how === 'later' || (how !== 'at once' && at % 2 === 1);
      const authorize = () => {
        count++;
        return isLater ? Promise.resolve(decision) : decision;
      };
      return { name: `${at}`, authorize };
    });
    const decision = authorizeWith(authorizers)(attributes, ctx);
    if (how === 'at once') expect(decision).not.toBeInstanceOf(Promise);
    expect(await decision).toEqual(expected);
    expect(count).toBe(asked);
  });
});
