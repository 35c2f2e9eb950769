import type { ApiRequest, Authenticator } from '@kubernest/apiserver/contract';
import { unauthorized } from '@kubernest/meta';
import { isValidAt } from '@kubernest/pki';
import { authenticated } from './users.ts';

const EXTRA = 'x-remote-extra-';

/**
 * A front proxy, as another API server before this one is, says for whom it asks. Believed with a certificate of the authority of front
 * proxies in one of `allowedNames`; the headers of anybody else say nothing.
 */
export function requestHeaderAuthenticator(allowedNames: readonly string[]): Authenticator {
  return {
    name: 'request-header',
    authenticate(request, { clock }) {
      const { frontProxy } = request.peer;
      if (!frontProxy) return undefined;
      if (!allowedNames.includes(frontProxy.commonName) || !isValidAt(frontProxy, clock.now())) throw unauthorized();
      const lines = linesOf(request);
      const [username] = lines['x-remote-user'] ?? [];
      if (!username) return undefined;
      const [uid] = lines['x-remote-uid'] ?? [];
      return authenticated({
        username: text(username),
        ...(uid ? { uid: text(uid) } : {}),
        groups: (lines['x-remote-group'] ?? []).filter((group) => group !== '').map(text),
        extra: extraIn(lines),
      });
    },
  };
}

/** Of headers that come several times each, which a user's name with a comma in it must not look like. */
const linesOf = ({ http, upgrade }: Pick<ApiRequest, 'http' | 'upgrade'>): NodeJS.Dict<string[]> =>
  (upgrade?.request ?? http)?.headersDistinct ?? {};

function extraIn(lines: NodeJS.Dict<string[]>): Readonly<Record<string, readonly string[]>> {
  const found = Object.entries(lines).filter(([name]) => name.startsWith(EXTRA));
  return Object.fromEntries(found.map(([name, values = []]) => [keyIn(name.slice(EXTRA.length)), values.map(text)]));
}

/** compat: a key that is not encoded as it should be is taken as it is. */
function keyIn(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Go sends UTF-8, of which Node makes a character for each byte. */
const text = (line: string): string => Buffer.from(line, 'latin1').toString('utf8');
