import { isIP } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { type Dialled, dialWords, messageOf } from '@kubernest/kit';

/**
 * - `refused`: nobody is there, or no way leads there
 * - `timeout`: a limit of ours has passed
 * - `tls`: who is there is not who it should be, or speaks no TLS
 * - `broken`: it hung up, or answered what is no HTTP
 * - `too-large`: the answer is above its bound
 * - `unresolved`: nobody was dialled, as there is no endpoint or its address is not allowed
 */
export type DialFault = 'refused' | 'timeout' | 'tls' | 'broken' | 'too-large' | 'unresolved';

/** Why there is no answer, in the words of Go's network, which people look for. */
export class DialError extends Error {
  override readonly name = 'DialError';

  constructor(
    readonly fault: DialFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const nobodyThere = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
const unknownAuthority = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** A node that has just come, or whose request nobody approved, serves with a certificate of its own making, or with none. */
const unsigned = /SELF_SIGNED_CERT|alert handshake failure/;
const outOfTime = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const UNVERIFIED = 'tls: failed to verify certificate';

/** What Node threw, as one of ours. `node`: whose agent was dialled. */
export function dialErrorOf(error: Error, at: Dialled & { readonly node?: string }): DialError {
  if (error instanceof DialError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (at.node !== undefined && unsigned.test(`${code} ${messageOf(error)}`))
    return new DialError(
      'tls',
      `node ${JSON.stringify(at.node)} has no serving certificate of the cluster yet: see kubectl get csr, and kubectl certificate approve for one that is pending`,
      { cause: error },
    );
  const tls = tlsWords(error, code);
  if (tls !== undefined) return new DialError('tls', tls, { cause: error });
  if (code.startsWith('HPE_'))
    return new DialError('broken', `net/http: HTTP/1.x transport connection broken: ${messageOf(error)}`, {
      cause: error,
    });
  const fault = code === 'ETIMEDOUT' ? 'timeout' : nobodyThere.has(codeOf(error)) ? 'refused' : 'broken';
  return new DialError(fault, dialWords(error, at), { cause: error });
}

/** A name with several addresses fails with all of their faults. */
const codeOf = (error: Error): string =>
  ((error instanceof AggregateError ? error.errors[0] : error) as NodeJS.ErrnoException).code ?? '';

function tlsWords(error: Error, code: string): string | undefined {
  if (unknownAuthority.has(code)) return `${UNVERIFIED}: x509: certificate signed by unknown authority`;
  if (outOfTime.has(code)) return `${UNVERIFIED}: x509: certificate has expired or is not yet valid`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${UNVERIFIED}: ${nameWords(error)}`;
  if (/wrong version number|packet length too long|http request/i.test(messageOf(error)))
    return 'http: server gave HTTP response to HTTPS client';
  if (code === 'EPROTO' || /^ERR_(SSL|TLS|OSSL)_/.test(code) || code.startsWith('CERT_'))
    return `tls: ${messageOf(error)}`;
  return undefined;
}

/** For whom it is, and for whom it should be; as an address needs one, names are not told of it. */
function nameWords(error: Error): string {
  const { host = '', cert } = error as Error & { readonly host?: string; readonly cert?: PeerCertificate };
  const kind = isIP(host) ? 'IP Address:' : 'DNS:';
  const all = (cert?.subjectaltname ?? '').split(', ').filter((name) => name.startsWith(kind));
  const names = all.map((name) => name.slice(kind.length));
  if (names.length > 0) return `x509: certificate is valid for ${names.join(', ')}, not ${host}`;
  return isIP(host)
    ? `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`
    : `x509: certificate is not valid for any names, but wanted to match ${host}`;
}
