import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Secret } from '../../types.ts';
import { warnOfSecret } from './secret.warnings.ts';

const pem = (type: string, body = 'AAAA') => `-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`;
const tls = (certificate: string, key: string): Secret =>
  ({
    metadata: { name: 's' },
    type: 'kubernetes.io/tls',
    data: Object.fromEntries(
      Object.entries({ 'tls.crt': certificate, 'tls.key': key }).map(([name, text]) => [name, btoa(text)]),
    ),
  }) as Secret;
const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'sec1',
  format: 'pem',
}) as string;
/** Of a key of its own, on P-256; its end does not matter here. */
const certificate = pem(
  'CERTIFICATE',
  [
    'MIIBcDCCARWgAwIBAgIUTcAMAxbw43BrLT1oGn8VIullcS4wCgYIKoZIzj0EAwIw',
    'DDEKMAgGA1UEAwwBeDAgFw0yNjExMjkxNzQxMjhaGA8yMTI2MTEwNTE3NDEyOFow',
    'DDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBTe8DynKmlV',
    'XMM91oMwFff1AjpUgOPFE2WQISaqDxKnis8uDSpUtq5xDDUCUqWr+KojU3LlEWy7',
    'L6n9w8p/pC2jUzBRMB0GA1UdDgQWBBRRMHt374xPs80ldOkulh5GvfpXkjAfBgNV',
    'HSMEGDAWgBRRMHt374xPs80ldOkulh5GvfpXkjAPBgNVHRMBAf8EBTADAQH/MAoG',
    'CCqGSM49BAMCA0kAMEYCIQCkI4eFjap7+AxvjyhUt1E5Q8ePJJnZ3tSE2YW9ENgj',
    '/gIhAM9sqDEzNf0ES0gCTQOpHUhmBMX3Ijz7EwaN1yngWnq2',
  ].join('\n'),
);

const cases: readonly [string, Secret, readonly string[]][] = [
  ['nothing of one that is none', { ...tls('x', 'y'), type: 'Opaque' } as Secret, []],
  ['no certificate', tls('', ''), ['tls: failed to find any PEM data in certificate input']],
  [
    'the two the wrong way round',
    tls(ecKey, certificate),
    [
      'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
    ],
  ],
  [
    'something else than a certificate',
    tls(pem('A') + pem('B'), ''),
    [
      'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [A B]',
    ],
  ],
  ['no key', tls(certificate, 'nothing'), ['tls: failed to find any PEM data in key input']],
  [
    'a certificate for a key',
    tls(certificate, certificate),
    ['tls: found a certificate rather than a key in the PEM for the private key'],
  ],
  [
    'something else than a key',
    tls(certificate, pem('A')),
    [
      'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [A]',
    ],
  ],
  ['a key that cannot be read', tls(certificate, pem('PRIVATE KEY')), ['tls: failed to parse private key']],
  ['a key of another certificate', tls(certificate, ecKey), ['tls: private key does not match public key']],
  [
    'a key of another kind',
    tls(certificate, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string),
    ['tls: private key type does not match public key type'],
  ],
  ['a certificate that cannot be read', tls(pem('CERTIFICATE'), ecKey), [expect.stringMatching(/^x509: malformed/)]],
];

describe('people are told of a Secret for TLS', () => {
  it.each(cases)('%s', (_, secret, warnings) => {
    expect(warnOfSecret(secret)).toEqual(warnings);
  });
});
