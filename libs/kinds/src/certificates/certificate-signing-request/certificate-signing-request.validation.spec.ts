import { generateKeyPairSync, sign, webcrypto } from 'node:crypto';
import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { faultsOf, faultsOfStatus, kindOf, now, words } from '../../kind-faults.fixture.ts';
import { parseCertificateRequest } from '../types/certificate-request.ts';
import { signatureFault } from '../types/request-signature.ts';

const kind = 'CertificateSigningRequest';
const { example } = kindOf(kind) as unknown as { readonly example: { readonly spec: Record<string, unknown> } };
const spec = (more: object) => ({ spec: { ...example.spec, ...more } });
const base64 = (text: string) => Buffer.from(text).toString('base64');

type Library = typeof import('@peculiar/x509');
async function library(): Promise<Library> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

const algorithms = {
  'P-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'P-384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  RSA: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  },
  Ed25519: { name: 'Ed25519' },
} as const;

async function requestOf(algorithm: keyof typeof algorithms): Promise<string> {
  const x509 = await library();
  const signingAlgorithm = algorithms[algorithm];
  const keys = (await webcrypto.subtle.generateKey(signingAlgorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const names = new x509.SubjectAlternativeNameExtension([
    { type: 'dns', value: 'n1' },
    { type: 'ip', value: '192.0.2.1' },
    { type: 'ip', value: 'fd00::1' },
    { type: 'email', value: 'a@b.example' },
    { type: 'url', value: 'spiffe://c' },
  ]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ O: ['system:nodes'] }, { O: ['zweite Ü'] }, { CN: ['system:node:n1'] }],
    keys,
    signingAlgorithm,
    extensions: [new x509.KeyUsagesExtension(1), names],
  });
  return base64(request.toString('pem'));
}

describe('a certificate request', () => {
  it.each(['P-256', 'P-384', 'RSA', 'Ed25519'] as const)(
    'with a key of the sort %s is read and believed',
    async (sort) => {
      const facts = parseCertificateRequest(await requestOf(sort));
      expect(facts).toMatchObject({
        commonName: 'system:node:n1',
        organizations: ['system:nodes', 'zweite Ü'],
        dnsNames: ['n1'],
        ipAddresses: ['192.0.2.1', 'fd00::1'],
        emailAddresses: ['a@b.example'],
        uris: ['spiffe://c'],
      });
      expect(signatureFault(facts)).toBeUndefined();
    },
  );

  it.each([
    ['P-256', 'x509: ECDSA verification failure'],
    ['RSA', 'crypto/rsa: verification error'],
    ['Ed25519', 'x509: Ed25519 verification failure'],
  ] as const)('that somebody else signed with %s is not', async (sort, words) => {
    const facts = parseCertificateRequest(await requestOf(sort));
    const bytes = Uint8Array.from(facts.signature.bytes);
    bytes[bytes.length - 1]! ^= 1;
    expect(signatureFault({ ...facts, signature: { ...facts.signature, bytes } })).toBe(words);
  });

  it('of an algorithm that another sort of key has is refused', async () => {
    const facts = parseCertificateRequest(await requestOf('P-256'));
    const { privateKey } = generateKeyPairSync('ed25519');
    const bytes = sign(null, facts.signature.of, privateKey);
    const signature = { ...facts.signature, algorithm: '1.3.101.112', bytes };
    expect(signatureFault({ ...facts, signature })).toBe('x509: cannot verify signature: algorithm unimplemented');
  });

  it('that is cut off, or has any of its bytes changed, throws nothing but an error', async () => {
    const pem = Buffer.from(await requestOf('P-256'), 'base64').toString();
    const der = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
    const judged = (bytes: Uint8Array): unknown => {
      const body = Buffer.from(bytes).toString('base64');
      try {
        const text = `-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`;
        return signatureFault(parseCertificateRequest(base64(text)));
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (let i = 0; i < der.length; i++) {
      expect(judged(der.subarray(0, i)), `${i} bytes`).toEqual(expect.any(String));
      expect(judged(der.map((byte, j) => (i === j ? byte ^ 0x55 : byte))), `byte ${i}`).toEqual(expect.any(String));
    }
  });
});

describe('the spec of a signing request', () => {
  it.each<[string, object, readonly string[]]>([
    ['is fine', {}, []],
    [
      'without a request',
      { request: base64('hello') },
      [`spec.request: Invalid value: "${base64('hello')}": PEM block type must be CERTIFICATE REQUEST`],
    ],
    ['without usages', { usages: [] }, ['spec.usages: Required value']],
    ['with a usage twice', { usages: ['any', 'any'] }, ['spec.usages[1]: Duplicate value: "any"']],
    ['without a signer', { signerName: '' }, ['spec.signerName: Required value']],
    [
      'for the old signer',
      { signerName: 'kubernetes.io/legacy-unknown' },
      [
        'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
      ],
    ],
    [
      'for a signer without a domain',
      { signerName: 'mine' },
      [
        'spec.signerName: Invalid value: "mine": must be a fully qualified domain and path of the form \'example.com/signer-name\'',
      ],
    ],
    [
      'for a signer with half a domain',
      { signerName: 'mine/x' },
      ['spec.signerName: Invalid value: "mine": should be a domain with at least two segments separated by dots'],
    ],
    [
      'for a moment',
      { expirationSeconds: 599 },
      ['spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)'],
    ],
  ])('%s', (_, more, faults) => {
    expect(faultsOf(kind, spec(more))).toEqual(faults);
  });

  it('with a usage that is none names those there are', () => {
    expect(faultsOf(kind, spec({ usages: ['tea'] }))).toEqual([
      expect.stringMatching(/^spec.usages\[0\]: Unsupported value: "tea": supported values: "any", "cert sign", /),
    ]);
  });
});

const condition = (type: string, status = 'True') => ({ type, status });
const withConditions = (...conditions: object[]) => ({ ...spec({}), status: { conditions } });

/** The faults of a change through a subresource. */
function faultsThrough(subresource: string, before: object, after: object): string[] {
  if (subresource === 'status') return faultsOfStatus(kind, before, after);
  const [old, draft] = [before, after].map((each) => structuredClone({ metadata: { name: 'a' }, ...each })) as [
    KubeObject,
    KubeObject,
  ];
  const context = { subresource, now, old };
  const definition = kindOf(kind);
  return words([
    ...(definition.validate?.(draft, context) ?? []),
    ...(definition.validateUpdate?.(draft, old, context) ?? []),
  ]);
}

describe('the status of a signing request', () => {
  const both = 'Approved and Denied conditions are mutually exclusive';
  it.each<[string, string, object, object, readonly string[]]>([
    ['approval may be given', 'approval', withConditions(), withConditions(condition('Approved')), []],
    [
      'not by who signs',
      'status',
      withConditions(),
      withConditions(condition('Approved')),
      ['status.conditions: Forbidden: updates may not add a condition of type "Approved"'],
    ],
    [
      'nor taken back',
      'approval',
      withConditions(condition('Approved')),
      withConditions(),
      ['status.conditions: Forbidden: updates may not remove a condition of type "Approved"'],
    ],
    [
      'nor denied beside',
      'approval',
      withConditions(condition('Approved')),
      withConditions(condition('Approved'), condition('Denied')),
      [`status.conditions: Invalid value: "Denied": ${both}`],
    ],
    [
      'nor given in part',
      'approval',
      withConditions(),
      withConditions(condition('Approved', 'False')),
      ['status.conditions[0].status: Unsupported value: "False": supported values: "True"'],
    ],
    [
      'nor twice',
      'approval',
      withConditions(),
      withConditions(condition('Approved'), condition('Approved')),
      ['status.conditions[1].type: Duplicate value: "Approved"'],
    ],
    [
      'a certificate is none of who approves',
      'approval',
      withConditions(),
      { ...spec({}), status: { certificate: base64('x') } },
      [
        'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
        'status.certificate: Forbidden: updates may not set certificate content',
      ],
    ],
    [
      'a key is no certificate',
      'status',
      withConditions(),
      { ...spec({}), status: { certificate: base64('-----BEGIN KEY-----\nYQ==\n-----END KEY-----\n') } },
      ['status.certificate: Invalid value: "<certificate data>": only CERTIFICATE PEM blocks are allowed, found "KEY"'],
    ],
    [
      'a certificate that is there stays',
      'status',
      { ...spec({}), status: { certificate: base64('old') } },
      { ...spec({}), status: { certificate: base64('new') } },
      ['status.certificate: Forbidden: updates may not modify existing certificate content'],
    ],
  ])('%s', (_, subresource, before, after, faults) => {
    expect(faultsThrough(subresource, before, after)).toEqual(faults);
  });
});
