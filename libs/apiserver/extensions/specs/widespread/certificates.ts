import { conditions, fields, list, oneOf, type Project, ready, rooted, text, truth, whole } from './project.ts';

const issuer = fields({ name: text, kind: text, group: text }, 'name');
const spec = fields(
  {
    secretName: text,
    issuerRef: { ...issuer, 'x-kubernetes-map-type': 'atomic' },
    commonName: { ...text, allOf: [{ minLength: 1 }, { maxLength: 64 }] },
    dnsNames: { ...list(text), 'x-kubernetes-list-type': 'atomic' },
    emailAddresses: { ...list({ ...text, format: 'email' }), 'x-kubernetes-list-type': 'set' },
    ipAddresses: list({ ...text, format: 'ipv4' }),
    uris: list({ ...text, format: 'uri' }),
    duration: { ...text, format: 'duration' },
    isCA: truth,
    usages: list(oneOf('signing', 'digital signature', 'key encipherment', 'server auth', 'client auth')),
    revisionHistoryLimit: { ...whole, format: 'int32', minimum: 1 },
    privateKey: {
      ...fields({
        algorithm: { ...oneOf('RSA', 'ECDSA', 'Ed25519'), default: 'RSA' },
        rotationPolicy: { ...oneOf('Never', 'Always'), default: 'Always' },
        size: { ...whole, multipleOf: 2 },
      }),
      default: {},
    },
  },
  'secretName',
  'issuerRef',
);
const status = fields({
  conditions,
  notAfter: { ...text, format: 'date-time' },
  renewalTime: { ...text, format: 'date-time', nullable: true },
  revision: whole,
  lastRequest: { ...text, format: 'byte' },
});

/** Certificates that somebody issues: formats of all sorts, conditions, a field to select by. */
export const certificates: Project = {
  definition: {
    metadata: { name: 'certificates.pki.example.test' },
    spec: {
      group: 'pki.example.test',
      scope: 'Namespaced',
      names: {
        plural: 'certificates',
        singular: 'certificate',
        kind: 'Certificate',
        listKind: 'CertificateList',
        shortNames: ['cert', 'certs'],
        categories: ['pki'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: rooted(spec, status),
          subresources: { status: {} },
          selectableFields: [{ jsonPath: '.spec.issuerRef.name' }],
          additionalPrinterColumns: [
            ready,
            { name: 'Secret', type: 'string', jsonPath: '.spec.secretName' },
            { name: 'Issuer', type: 'string', jsonPath: '.spec.issuerRef.name', priority: 1 },
          ],
        },
      ],
    },
  },
  sent: {
    apiVersion: 'pki.example.test/v1',
    kind: 'Certificate',
    metadata: { name: 'first', finalizers: ['pki.example.test/secret'] },
    spec: {
      secretName: 'web-tls',
      issuerRef: { name: 'letters', kind: 'ClusterIssuer', colour: 'blue' },
      dnsNames: ['web.example.test', '*.web.example.test'],
      duration: '2160h',
      usages: ['server auth'],
    },
  },
  unknown: ['spec.issuerRef.colour'],
  read: {
    v1: {
      secretName: 'web-tls',
      issuerRef: { name: 'letters', kind: 'ClusterIssuer' },
      dnsNames: ['web.example.test', '*.web.example.test'],
      duration: '2160h',
      usages: ['server auth'],
      privateKey: { algorithm: 'RSA', rotationPolicy: 'Always' },
    },
  },
  refused: [
    [{ spec: { issuerRef: null } }, 'spec.issuerRef: Required value'],
    [{ spec: { privateKey: { algorithm: 'DSA' } } }, 'spec.privateKey.algorithm: Unsupported value: "DSA"'],
    [{ spec: { ipAddresses: ['::1'] } }, 'spec.ipAddresses[0] in body must be of type ipv4: "::1"'],
    [{ spec: { emailAddresses: ['a@example.test', 'a@example.test'] } }, 'spec.emailAddresses[1]: Duplicate value'],
    [{ spec: { privateKey: { size: 2047 } } }, 'spec.privateKey.size in body should be a multiple of 2'],
  ],
  change: {
    patch: { spec: { privateKey: { algorithm: 'ECDSA' }, dnsNames: ['web.example.test'] } },
    spec: { privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Always' }, dnsNames: ['web.example.test'] },
  },
  applied: {
    first: { secretName: 'a-tls', issuerRef: { name: 'own' }, emailAddresses: ['a@example.test'] },
    second: { secretName: 'a-tls', issuerRef: { name: 'own' }, emailAddresses: ['b@example.test'] },
    both: {
      secretName: 'a-tls',
      issuerRef: { name: 'own' },
      emailAddresses: ['a@example.test', 'b@example.test'],
      privateKey: { algorithm: 'RSA', rotationPolicy: 'Always' },
    },
    conflict: { secretName: 'a-tls', issuerRef: { name: 'other' } },
    told: '.spec.issuerRef',
  },
  status: {
    sent: {
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-30T12:00:00Z', mood: 'fine' }],
      renewalTime: null,
      lastRequest: 'aGk=',
    },
    kept: {
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-30T12:00:00Z' }],
      renewalTime: null,
      lastRequest: 'aGk=',
    },
    isApart: true,
  },
  columns: ['Name', 'Ready', 'Secret', 'Issuer'],
  cells: ['first', 'True', 'web-tls', 'letters'],
  selector: 'spec.issuerRef.name=letters',
};
