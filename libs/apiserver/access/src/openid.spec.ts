import type { TokenAuthority } from '@kubernest/apiserver/authn';
import type { ApiRequest, BytesResponse } from '@kubernest/apiserver/contract';
import { expect, it } from 'vitest';
import { openIdDocuments } from './openid.ts';

it.each([
  ['/.well-known/openid-configuration', 'application/json'],
  ['/openid/v1/jwks', 'application/jwk-set+json'],
])('%s may be kept for an hour', async (path, type) => {
  const documents = openIdDocuments({ issuer: 'https://issuer', jwks: { keys: [] } } as unknown as TokenAuthority);
  const { status, headers } = (await documents[path]!({} as ApiRequest, {} as never)) as BytesResponse;
  expect([status, headers]).toEqual([200, { 'content-type': type, 'cache-control': 'public, max-age=3600' }]);
});
