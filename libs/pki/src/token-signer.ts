import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { Json } from '@kubernest/meta';

/** The registered claims plus whatever else the token says. Times are seconds since 1970, as on the wire. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly jti: string;
  readonly [claim: string]: unknown;
}

export interface TokenSigner {
  /** A compact JWS (RS256) by the first key. */
  sign(claims: TokenClaims): Promise<string>;
  /** The claims if one of the keys signed them; undefined for anything else. Looks at neither times nor audiences. */
  verify(token: string): Promise<TokenClaims | undefined>;
  /** The public keys as RFC 7517 says, for `/openid/v1/jwks`. */
  readonly jwks: { readonly keys: readonly Readonly<Record<string, Json>>[] };
}

interface SigningKey {
  readonly id: string;
  readonly private: KeyObject;
  readonly public: KeyObject;
}

const signAsync = promisify(sign) as (alg: string, data: Uint8Array, key: KeyObject) => Promise<Buffer>;
const verifyAsync = promisify(verify) as (
  alg: string,
  data: Uint8Array,
  key: KeyObject,
  signature: Uint8Array,
) => Promise<boolean>;

/** `keys` are PEM private keys (RSA); the first signs, all verify. Signing and verifying run in the thread pool. */
export function tokenSigner(keys: readonly string[]): TokenSigner {
  const known = keys.map(loadKey);
  const first = known[0];
  if (!first) throw new Error('a token signer needs at least one key');
  return {
    async sign(claims) {
      const head = encode({ alg: 'RS256', kid: first.id });
      const input = `${head}.${encode(claims)}`;
      const signature = await signAsync('RSA-SHA256', Buffer.from(input), first.private);
      return `${input}.${signature.toString('base64url')}`;
    },
    async verify(token) {
      const parts = parse(token);
      if (!parts) return undefined;
      // The algorithm is ours to choose, never the token's: `none` and HMAC with a public key are refused here.
      if (parts.header.alg !== 'RS256') return undefined;
      const candidates = known.filter((key) => parts.header.kid === undefined || parts.header.kid === key.id);
      for (const key of candidates) {
        if (await verifyAsync('RSA-SHA256', parts.signed, key.public, parts.signature)) return parts.claims;
      }
      return undefined;
    },
    jwks: {
      keys: known.map((key) => ({
        ...(key.public.export({ format: 'jwk' }) as Record<string, Json>),
        use: 'sig',
        alg: 'RS256',
        kid: key.id,
      })),
    },
  };
}

/** The issuer a token claims, without believing it: to tell whose token it is. */
export function claimedIssuer(token: string): string | undefined {
  return parse(token)?.claims.iss;
}

function loadKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'rsa') throw new Error('a service account key must be RSA');
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return { id: createHash('sha256').update(der).digest('base64url'), private: privateKey, public: publicKey };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

interface Parts {
  readonly header: { readonly alg?: string; readonly kid?: string };
  readonly claims: TokenClaims;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

const segment = /^[A-Za-z0-9_-]+$/;

/** Four times what a request's head can carry. A review may bring a text of any length: a longer one is nobody's token. */
const LONGEST_TOKEN = 64 * 1024;

function parse(token: string): Parts | undefined {
  if (token.length > LONGEST_TOKEN) return undefined;
  const [head, body, signature, ...more] = token.split('.');
  if (!head || !body || !signature || more.length > 0) return undefined;
  if (![head, body, signature].every((part) => segment.test(part))) return undefined;
  const header = decode(head);
  const claims = decode(body);
  if (!header || !claims) return undefined;
  const aud = typeof claims.aud === 'string' ? [claims.aud] : claims.aud;
  if (!Array.isArray(aud) || typeof claims.exp !== 'number' || typeof claims.iss !== 'string') return undefined;
  return {
    header,
    claims: { ...claims, aud } as unknown as TokenClaims,
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
