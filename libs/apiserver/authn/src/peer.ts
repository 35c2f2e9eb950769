import type { Authenticator, Peer, UserInfo } from '@kubernest/apiserver/contract';
import type { Metrics } from '@kubernest/kit';
import { unauthorized } from '@kubernest/meta';
import { isValidAt } from '@kubernest/pki';
import { bearerToken } from './bearer.ts';
import { certificateLifetimes } from './certificate-lifetimes.ts';
import { anonymousUser, authenticated } from './users.ts';

/** Believes the loopback transport: only code of this process can set that field. */
export function loopbackAuthenticator(): Authenticator {
  const known = new WeakMap<UserInfo, UserInfo>();
  return {
    name: 'loopback',
    authenticate: ({ peer }) => peer.loopback && remembered(known, peer.loopback, authenticated),
  };
}

/** A client certificate of the cluster's authority: the common name is the user, organizations are groups. */
export function certificateAuthenticator(metrics?: Metrics): Authenticator {
  const lifetimes = metrics && certificateLifetimes(metrics);
  const known = new WeakMap<NonNullable<Peer['certificate']>, UserInfo>();
  return {
    name: 'x509',
    authenticate({ peer }, { clock }) {
      const { certificate } = peer;
      if (lifetimes && certificate) lifetimes.observe((certificate.notAfter.getTime() - clock.now().getTime()) / 1000);
      if (peer.certificateRefused || (certificate && !isValidAt(certificate, clock.now()))) throw unauthorized();
      if (!certificate?.commonName) return undefined;
      return remembered(known, certificate, ({ commonName, organizations, fingerprint }) =>
        authenticated({
          username: commonName,
          groups: organizations,
          extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${plainHex(fingerprint)}`] },
        }),
      );
    },
  };
}

/** Comes last. A token or certificate that nobody took is an error, not a stranger: the client must learn that it is wrong. */
export function anonymousAuthenticator(): Authenticator {
  return {
    name: 'anonymous',
    authenticate(request) {
      const { certificate, certificateRefused } = request.peer;
      if (bearerToken(request) !== undefined || certificateRefused || certificate?.commonName) throw unauthorized();
      return anonymousUser;
    },
  };
}

/** One user object per connection, so that what is derived from a user may be cached by identity. */
function remembered<K extends object>(known: WeakMap<K, UserInfo>, key: K, make: (key: K) => UserInfo): UserInfo {
  const found = known.get(key);
  if (found) return found;
  const made = make(key);
  known.set(key, made);
  return made;
}

function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
