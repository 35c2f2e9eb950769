import type { Authenticator, StoredObjects } from '@kubernest/apiserver/contract';
import type { Metrics } from '@kubernest/kit';
import { frontProxyIdentity } from '@kubernest/pki';
import { bootstrapTokenAuthenticator } from './bootstrap-token.ts';
import { anonymousAuthenticator, certificateAuthenticator, loopbackAuthenticator } from './peer.ts';
import { requestHeaderAuthenticator } from './request-header.ts';
import { serviceAccountAuthenticator } from './service-account.ts';
import type { TokenAuthority } from './service-account-tokens.ts';

/** In the order they are asked. What the connection proves goes before what a header claims. */
export function authenticators(
  tokens: TokenAuthority,
  metrics?: Metrics,
): (core: StoredObjects) => readonly Authenticator[] {
  return (core) => [
    loopbackAuthenticator(),
    requestHeaderAuthenticator([frontProxyIdentity.commonName]),
    certificateAuthenticator(metrics),
    serviceAccountAuthenticator(tokens, core),
    bootstrapTokenAuthenticator(core),
    anonymousAuthenticator(),
  ];
}
