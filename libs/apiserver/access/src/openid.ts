import type { TokenAuthority } from '@kubernest/apiserver/authn';
import { type ApiServerParts, jsonResponse } from '@kubernest/apiserver/contract';

/** compat: whoever verifies tokens asks once an hour. */
const cached = { 'cache-control': 'public, max-age=3600' };

/** What lets others verify service account tokens without asking us: the issuer's description and its public keys. */
export function openIdDocuments(tokens: TokenAuthority): ReturnType<NonNullable<ApiServerParts['documents']>> {
  const description = {
    issuer: tokens.issuer,
    jwks_uri: `${tokens.issuer}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
  return {
    '/.well-known/openid-configuration': () =>
      jsonResponse(200, description, { 'content-type': 'application/json', ...cached }),
    '/openid/v1/jwks': () => jsonResponse(200, tokens.jwks, { 'content-type': 'application/jwk-set+json', ...cached }),
  };
}
