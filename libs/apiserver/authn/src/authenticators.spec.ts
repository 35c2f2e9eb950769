import { type Objects, objects, requestOf, testContext } from '@kubernest/apiserver/authn/testing';
import type { ApiCore, ApiRequest, UserInfo } from '@kubernest/apiserver/contract';
import { Metrics } from '@kubernest/kit';
import { newServiceAccountKey, tokenSigner } from '@kubernest/pki';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticators } from './authenticators.ts';
import { bearerToken } from './bearer.ts';
import { type TokenAuthority, tokenAuthority } from './service-account-tokens.ts';
import { isNode, nodeNameOf, parseServiceAccountUsername } from './users.ts';

let tokens: TokenAuthority;
beforeAll(async () => {
  tokens = tokenAuthority({
    signer: tokenSigner([await newServiceAccountKey()]),
    issuer: 'https://i',
    audiences: ['api'],
  });
});

const ctx = testContext();
let read: Objects;
beforeEach(() => {
  read = objects({ serviceaccounts: [{ metadata: { namespace: 'a', name: 'builder', uid: 'u' } }] });
});

/** The first that has an answer; what it throws is told by its code. */
async function who(request: ApiRequest): Promise<UserInfo | number> {
  for (const each of authenticators(tokens)({ read } as Partial<ApiCore> as ApiCore)) {
    try {
      const user = await each.authenticate(request, ctx);
      if (user) return user;
    } catch (error) {
      return (error as { code: number }).code;
    }
  }
  return 0;
}
const bearing = (token: string) => requestOf({ headers: { authorization: `Bearer ${token}` } });

describe('a request is from', () => {
  const minutes = (count: number) => new Date(ctx.clock.now().getTime() + count * 60_000);
  const always = { notBefore: minutes(-1), notAfter: minutes(1) };
  const certificate = (commonName: string, organizations: string[] = [], life = always) => ({
    peer: { certificate: { commonName, organizations, fingerprint: 'AB:CD', ...life } },
  });
  const extra = { 'authentication.kubernetes.io/credential-id': ['X509SHA256=abcd'] };
  it.each([
    ['nobody', requestOf(), { username: 'system:anonymous', groups: ['system:unauthenticated'] }],
    [
      'the subject of its certificate',
      requestOf(certificate('ann', ['devs', 'ops'])),
      { username: 'ann', groups: ['devs', 'ops', 'system:authenticated'], extra },
    ],
    [
      'nobody by a certificate without a name',
      requestOf(certificate('', ['system:masters'])),
      { username: 'system:anonymous' },
    ],
    [
      'whom the process itself says',
      requestOf({ peer: { loopback: { username: 'system:kube-scheduler', groups: [] } } }),
      { username: 'system:kube-scheduler', groups: ['system:authenticated'] },
    ],
    [
      'a certificate before a token',
      requestOf({ ...certificate('ann'), headers: { authorization: 'Bearer x' } }),
      { username: 'ann' },
    ],
    ['nobody with a token that nobody knows', bearing('rubbish'), 401],
    ['nobody with a token that nobody knows and something after it', bearing('rubbish x'), 401],
    ['nobody with a space before its token', bearing(' rubbish'), 401],
    [
      'nobody without a token',
      requestOf({ headers: { authorization: 'Basic YTpi' } }),
      { username: 'system:anonymous' },
    ],
    [
      'nobody by a certificate after its end',
      requestOf(certificate('ann', [], { notBefore: minutes(-2), notAfter: minutes(-1) })),
      401,
    ],
    [
      'nobody by a certificate before its beginning',
      requestOf(certificate('ann', [], { notBefore: minutes(1), notAfter: minutes(2) })),
      401,
    ],
    [
      'the subject of its certificate at either end of its life',
      requestOf(certificate('ann', [], { notBefore: minutes(0), notAfter: minutes(0) })),
      { username: 'ann' },
    ],
    ['nobody by a certificate that proves nothing', requestOf({ peer: { certificateRefused: true } }), 401],
  ])('%s', async (_, request, expected) => {
    const found = await who(request);
    if (typeof expected === 'number') expect(found).toBe(expected);
    else expect(found).toMatchObject(expected);
  });

  it('the account of its token, in either place a token may stand', async () => {
    const serviceAccount = { namespace: 'a', name: 'builder', uid: 'u' };
    const { token } = await tokens.issue({ serviceAccount, audiences: ['api'], seconds: 600 }, ctx);
    const user = { username: 'system:serviceaccount:a:builder', uid: 'u' };
    expect(await who(bearing(token))).toMatchObject(user);
    const encoded = Buffer.from(token).toString('base64url');
    const protocols = `v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.${encoded}`;
    expect(await who(overWebSocket(protocols))).toMatchObject(user);
    read.remove('serviceaccounts', 'a/builder');
    expect(await who(bearing(token))).toBe(401);
  });
});

const overWebSocket = (protocols: string, more: Record<string, string> = { upgrade: 'websocket' }) =>
  requestOf({ headers: { 'sec-websocket-protocol': protocols, ...more } });

/** The token, or the code it is refused with. */
function tokenOf(request: ApiRequest): string | number | undefined {
  try {
    return bearerToken(request);
  } catch (error) {
    return (error as { code: number }).code;
  }
}

describe('a bearer token is', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER abc  ', 'abc'],
    ['  Bearer abc', 'abc'],
    ['Bearer a b', 'a'],
    ['Bearer a b c d', 'a'],
    ['Bearer a, Bearer b', 'a,'],
    ['Basic abc', undefined],
    ['Bearerabc', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Bearer  abc', 401],
    ['', undefined],
    [undefined, undefined],
  ])('of %j: %j', (authorization, token) => {
    expect(tokenOf(requestOf(authorization === undefined ? {} : { headers: { authorization } }))).toBe(token);
  });

  const prefix = 'base64url.bearer.authorization.k8s.io.';
  const abc = `${prefix}${Buffer.from('abc').toString('base64url')}`;
  it.each([
    [`v5.channel.k8s.io, ${abc}`, 'abc'],
    [`${abc},v5.channel.k8s.io`, 'abc'],
    ['v5.channel.k8s.io', undefined],
    [`v5.channel.k8s.io, ${prefix}`, undefined],
    [abc, 401],
    [`${abc}, ${abc}, v5.channel.k8s.io`, 401],
    [`v5.channel.k8s.io, ${prefix}YWJj=`, 401],
    [`v5.channel.k8s.io, ${prefix}a`, 401],
    [`v5.channel.k8s.io, ${prefix}Y+Jj`, 401],
    [`v5.channel.k8s.io, ${prefix}${Buffer.from([0xff]).toString('base64url')}`, 401],
  ])('of the protocols %j: %j', (protocols, token) => {
    expect(tokenOf(overWebSocket(protocols))).toBe(token);
    expect(tokenOf(overWebSocket(protocols, { upgrade: 'SPDY/3.1' }))).toBeUndefined();
    expect(tokenOf(overWebSocket(protocols, { upgrade: 'websocket', authorization: 'Bearer x' }))).toBe('x');
  });
});

describe('a bootstrap token', () => {
  const base64 = (data: Record<string, string>) =>
    Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
  const good = { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true' };
  const put = (data: Record<string, string>, more: object = {}, metadata: object = {}) =>
    read.put('secrets', {
      metadata: { namespace: 'kube-system', name: 'bootstrap-token-abcdef', ...metadata },
      type: 'bootstrap.kubernetes.io/token',
      data: base64(data),
      ...more,
    } as never);
  const ask = () => who(bearing('abcdef.0123456789abcdef'));
  const groups = (...more: string[]) => ['system:bootstrappers', ...more, 'system:authenticated'];
  const inSeconds = (seconds: number) => new Date(ctx.clock.now().getTime() + seconds * 1000).toISOString();

  it.each<[string, Record<string, string>, string[]]>([
    ['proves its machine', good, groups()],
    [
      'adds groups of its own sort, each once',
      { ...good, 'auth-extra-groups': 'system:bootstrappers:x:y-0,system:bootstrappers:a,system:bootstrappers:a' },
      groups('system:bootstrappers:a', 'system:bootstrappers:x:y-0'),
    ],
    ['adds no group of an empty list', { ...good, 'auth-extra-groups': '' }, groups()],
    ['holds until it ends', { ...good, expiration: inSeconds(1) }, groups()],
    ['never ends where it says no time', { ...good, expiration: '' }, groups()],
    ['ends at a time of another zone', { ...good, expiration: '2999-01-01T00:00:00+02:00' }, groups()],
  ])('%s', async (_, data, expected) => {
    put(data);
    expect(await ask()).toEqual({ username: 'system:bootstrap:abcdef', groups: expected });
  });

  it.each<[string, () => void]>([
    ['is not there', () => {}],
    ['has another secret', () => put({ ...good, 'token-secret': '0123456789abcdee' })],
    ['has another id within', () => put({ ...good, 'token-id': 'abcdeg' })],
    ['has ended', () => put({ ...good, expiration: inSeconds(0) })],
    ...['soon', '2999', '2999-01-01', '2999-01-01T00:00:00', '2999-01-01 00:00:00Z', 'January 1, 2999', ' '].map(
      (expiration): [string, () => void] => [
        `ends at no time that can be read (${expiration})`,
        () => put({ ...good, expiration }),
      ],
    ),
    ...[
      'system:masters',
      'system:bootstrappers:x,system:masters',
      'system:bootstrappers:',
      'system:bootstrappers:X',
      'system:bootstrappers:x-',
      'system:bootstrappers:x, system:bootstrappers:y',
      'system:bootstrappers:x,',
      `system:bootstrappers:${'x'.repeat(257)}`,
      'system:bootstrappers:x\n',
    ].map((list): [string, () => void] => [
      `gives groups that are not of bootstrappers (${list})`,
      () => put({ ...good, 'auth-extra-groups': list }),
    ]),
    ['is for signing only', () => put({ ...good, 'usage-bootstrap-authentication': 'false' })],
    ['is another sort of secret', () => put(good, { type: 'Opaque' })],
    ['is being deleted', () => put(good, {}, { deletionTimestamp: inSeconds(0) })],
  ])('that %s is refused', async (_, prepare) => {
    prepare();
    expect(await ask()).toBe(401);
  });
});

describe('names that mean something', () => {
  it.each([
    ['system:node:n1', ['system:nodes'], true, 'n1'],
    ['system:node:', ['system:nodes'], true, undefined],
    ['system:node:n1', [], false, undefined],
    ['n1', ['system:nodes'], false, undefined],
  ])('%s of %j is a node: %s, %s', (username, groups, node, name) => {
    expect([isNode({ username, groups }), nodeNameOf({ username, groups })]).toEqual([node, name]);
  });

  it.each([
    ['system:serviceaccount:a:b', { namespace: 'a', name: 'b' }],
    ['system:serviceaccount:a', undefined],
    ['system:serviceaccount:a:b:c', undefined],
    ['system:serviceaccount::b', undefined],
    ['ann', undefined],
  ])('%s is the account %j', (username, expected) => {
    expect(parseServiceAccountUsername(username)).toEqual(expected);
  });
});

it('certificates are counted by how much longer they hold good, those that are refused too', async () => {
  const metrics = new Metrics();
  const [certified] = authenticators(
    tokens,
    metrics,
  )({ read } as Partial<ApiCore> as ApiCore).filter(({ name }) => name === 'x509');
  const now = ctx.clock.now().getTime();
  const hour = 3_600_000;
  for (const left of [-1, hour, hour + 1]) {
    const life = { notBefore: new Date(now - 2 * hour), notAfter: new Date(now + left) };
    const certificate = { commonName: 'ann', organizations: [], fingerprint: 'AB', ...life };
    const identify = async () => certified!.authenticate(requestOf({ peer: { certificate } }), ctx);
    await identify().catch((error: { code: number }) => expect(error.code).toBe(401));
  }
  await certified!.authenticate(requestOf(), ctx);
  const [counted] = metrics.all();
  const within = Object.fromEntries(counted!.samples().map(({ labels, value }) => [labels['le'], value]));
  expect(counted!.name).toBe('apiserver_client_certificate_expiration_seconds');
  expect(within).toMatchObject({ 0: 1, 1800: 1, 3600: 2, 7200: 3, 31104000: 3, '+Inf': 3 });
});
