import { type Objects, objects, testContext } from '@kubernest/apiserver/authn/testing';
import type { KubeObject } from '@kubernest/meta';
import { newServiceAccountKey, tokenSigner } from '@kubernest/pki';
import { decodeJwt } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TokenAuthority, type TokenOrder, tokenAuthority } from './service-account-tokens.ts';

const object = (name: string, more: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  metadata: { namespace: 'a', name, uid: `${name}-uid`, ...more },
});
const account = { namespace: 'a', name: 'builder', uid: 'builder-uid' };
const order: TokenOrder = { serviceAccount: account, audiences: ['api'], seconds: 600 };
const toPod: TokenOrder = {
  ...order,
  bound: { kind: 'pod', object: { name: 'web', uid: 'web-uid' } },
  node: { name: 'n1', uid: 'n1-uid' },
};
const toSecret: TokenOrder = { ...order, bound: { kind: 'secret', object: { name: 'key', uid: 'key-uid' } } };
const toNode: TokenOrder = { ...order, bound: { kind: 'node', object: { name: 'n1', uid: 'n1-uid' } } };

let signer: ReturnType<typeof tokenSigner>;
beforeAll(async () => {
  signer = tokenSigner([await newServiceAccountKey()]);
});

let ctx: ReturnType<typeof testContext>;
let read: Objects;
let tokens: TokenAuthority;
beforeEach(() => {
  ctx = testContext();
  read = objects({
    serviceaccounts: [object('builder')],
    pods: [object('web')],
    secrets: [object('key')],
    nodes: [{ metadata: { name: 'n1', uid: 'n1-uid' } }],
  });
  tokens = tokenAuthority({ signer, issuer: 'https://i', audiences: ['api'] });
});

const issue = async (what: TokenOrder) => (await tokens.issue(what, ctx)).token;
async function verdict(token: string, audiences = ['api']): Promise<string> {
  const review = await tokens.review(token, audiences, read, ctx);
  return review.verdict === 'invalid' ? review.reason : review.verdict;
}
const inSeconds = (seconds: number) => new Date(ctx.clock.now().getTime() + seconds * 1000).toISOString();

describe('a token ends', () => {
  const invalidated = 'service account token has been invalidated';
  const changes: readonly [string, TokenOrder, () => void, string][] = [
    ['with nothing that happened', toPod, () => {}, 'valid'],
    [
      'with its account',
      order,
      () => read.remove('serviceaccounts', 'a/builder'),
      'serviceaccounts "builder" not found',
    ],
    [
      'with its account made anew',
      order,
      () => read.put('serviceaccounts', object('builder', { uid: 'new' })),
      'service account UID (new) does not match claim (builder-uid)',
    ],
    [
      'with its account deleted long ago and held by a finalizer',
      order,
      () => read.put('serviceaccounts', object('builder', { deletionTimestamp: inSeconds(-61) })),
      'service account has been deleted',
    ],
    ['with its pod', toPod, () => read.remove('pods', 'a/web'), invalidated],
    [
      'with its pod made anew',
      toPod,
      () => read.put('pods', object('web', { uid: 'new' })),
      'pod UID (new) does not match service account pod ref claim (web-uid)',
    ],
    [
      'not while its pod says goodbye',
      toPod,
      () => read.put('pods', object('web', { deletionTimestamp: inSeconds(30) })),
      'valid',
    ],
    [
      'not a minute after',
      toPod,
      () => read.put('pods', object('web', { deletionTimestamp: inSeconds(-60) })),
      'valid',
    ],
    [
      'more than a minute after',
      toPod,
      () => read.put('pods', object('web', { deletionTimestamp: inSeconds(-61) })),
      invalidated,
    ],
    ['not with the node of its pod', toPod, () => read.remove('nodes', 'n1'), 'valid'],
    ['with its secret', toSecret, () => read.remove('secrets', 'a/key'), invalidated],
    [
      'with its secret made anew',
      toSecret,
      () => read.put('secrets', object('key', { uid: 'new' })),
      'secret UID (new) does not match service account secret ref claim (key-uid)',
    ],
    ['with its node', toNode, () => read.remove('nodes', 'n1'), invalidated],
    [
      'with its node made anew',
      toNode,
      () => read.put('nodes', { metadata: { name: 'n1', uid: 'new' } }),
      'node UID (new) does not match service account node ref claim (n1-uid)',
    ],
  ];
  it.each(changes)('%s', async (_, what, change, expected) => {
    const token = await issue(what);
    expect(await verdict(token)).toBe('valid');
    change();
    expect(await verdict(token)).toBe(expected);
  });

  it('with its time, to the second', async () => {
    const token = await issue(order);
    await ctx.clock.advance(599_000);
    expect(await verdict(token)).toBe('valid');
    await ctx.clock.advance(1000);
    expect(await verdict(token)).toBe('service account token has expired');
  });

  it('not by what the cache has not heard of yet', async () => {
    read.remove('serviceaccounts', 'a/builder');
    read.putBehind('serviceaccounts', object('builder'));
    expect(await verdict(await issue(order))).toBe('valid');
  });
});

describe('a token is for its audiences', () => {
  it.each([
    [['api'], ['api'], 'valid'],
    [['vault', 'api'], ['api'], 'valid'],
    [['vault'], ['api'], 'token audiences ["vault"] is invalid for the target audiences ["api"]'],
    [['api'], ['vault', 'x'], 'token audiences ["api"] is invalid for the target audiences ["vault" "x"]'],
  ])('%j asked for %j: %s', async (audiences, wanted, expected) => {
    expect(await verdict(await issue({ ...order, audiences }), wanted)).toBe(expected);
  });

  it('and a review tells which of them were asked for', async () => {
    const token = await issue({ ...order, audiences: ['vault', 'api', 'x'] });
    expect(await tokens.review(token, ['x', 'api', 'y'], read, ctx)).toMatchObject({ audiences: ['api', 'x'] });
  });

  it('of very many each is looked at once, and few are told', async () => {
    const many = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
    const [own, wanted] = [many('a', 1000), many('b', 1000)];
    const token = await issue({ ...order, audiences: own });
    let looks = 0;
    const counted = new Proxy(wanted, {
      get(target, key, receiver) {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
        return Reflect.get(target, key, receiver);
      },
    });
    const told = await verdict(token, counted);
    expect(looks).toBeLessThan(2 * wanted.length);
    expect(told).toContain('"a99" and 900 more] is invalid for the target audiences ["b0" ');
    expect(told).toMatch(/"b99" and 900 more\]$/);
  });
});

describe('whose token it is', () => {
  it.each([
    [
      'another issuer',
      () => tokenAuthority({ signer, issuer: 'https://else', audiences: ['api'] }).issue(order, ctx),
      'foreign',
    ],
    ['no token at all', async () => ({ token: 'rubbish' }), 'foreign'],
  ])('of %s: %s', async (_, make, expected) => {
    expect(await verdict((await make()).token)).toBe(expected);
  });

  it('claims of another key are refused', async () => {
    const forger = tokenAuthority({
      signer: tokenSigner([await newServiceAccountKey()]),
      issuer: 'https://i',
      audiences: ['api'],
    });
    expect(await verdict((await forger.issue(order, ctx)).token)).toBe('invalid bearer token');
  });

  it('a subject that is not the account it names is refused', async () => {
    const claims = decodeJwt(await issue(order));
    const token = await signer.sign({ ...claims, aud: ['api'], sub: 'system:serviceaccount:a:other' } as never);
    expect(await verdict(token)).toBe('invalid bearer token');
  });
});

describe('what a token says', () => {
  it('in its claims', async () => {
    const claims = decodeJwt(await issue({ ...toPod, warnAfterSeconds: 60 }));
    const now = ctx.clock.now().getTime() / 1000;
    expect(claims).toEqual({
      iss: 'https://i',
      sub: 'system:serviceaccount:a:builder',
      aud: ['api'],
      iat: now,
      nbf: now,
      exp: now + 600,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'kubernetes.io': {
        namespace: 'a',
        serviceaccount: { name: 'builder', uid: 'builder-uid' },
        pod: { name: 'web', uid: 'web-uid' },
        node: { name: 'n1', uid: 'n1-uid' },
        warnafter: now + 60,
      },
    });
  });

  const key = (name: string) => `authentication.kubernetes.io/${name}`;
  const podKeys = { [key('pod-name')]: ['web'], [key('pod-uid')]: ['web-uid'] };
  const nodeKeys = { [key('node-name')]: ['n1'], [key('node-uid')]: ['n1-uid'] };
  it.each([
    ['by itself', order, {}],
    ['bound to a pod', toPod, { ...podKeys, ...nodeKeys }],
    [
      'bound to a pod on a node that is not registered',
      { ...toPod, node: { name: 'n1' } },
      { ...podKeys, [key('node-name')]: ['n1'] },
    ],
    ['bound to a node', toNode, nodeKeys],
    ['bound to a secret', toSecret, {}],
  ])('of its bearer, %s', async (_, what, extra) => {
    const token = await issue(what);
    const { jti } = decodeJwt(token);
    expect(await tokens.review(token, ['api'], read, ctx)).toEqual({
      verdict: 'valid',
      audiences: ['api'],
      user: {
        username: 'system:serviceaccount:a:builder',
        uid: 'builder-uid',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'],
        extra: { [key('credential-id')]: [`JTI=${jti}`], ...extra },
      },
    });
  });
});
