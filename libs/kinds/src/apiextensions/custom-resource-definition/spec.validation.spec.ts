import { expect, it } from 'vitest';
import { faultsOfNew, lamps, version } from './definition.fixture.ts';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  ['nothing special', lamps(), []],
  [
    'no spec',
    { metadata: { name: 'lamps.example.com' } },
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.group: Required value',
      'spec.scope: Required value',
      'spec.versions: Invalid value: null: must have exactly one version marked as storage version',
      'spec.names.plural: Required value',
      'spec.names.singular: Required value',
      'spec.names.kind: Required value',
      'spec.names.listKind: Required value',
      'status.storedVersions: Invalid value: null: must have at least one stored version',
    ],
  ],
  [
    'an empty spec',
    { metadata: { name: 'lamps.example.com' }, spec: {} },
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.group: Required value',
      'spec.scope: Required value',
      'spec.versions: Invalid value: null: must have exactly one version marked as storage version',
      'spec.names.plural: Required value',
      'spec.names.singular: Required value',
      'spec.names.kind: Required value',
      'spec.names.listKind: Required value',
      'status.storedVersions: Invalid value: null: must have at least one stored version',
    ],
  ],
  [
    'another name',
    lamps({}, { metadata: { name: 'lights.example.com' } }),
    ['metadata.name: Invalid value: "lights.example.com": must be spec.names.plural+"."+spec.group'],
  ],
  [
    'no group',
    lamps({ group: '' }),
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.group: Required value',
    ],
  ],
  [
    'a group that is one label',
    lamps({ group: 'example' }),
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.group: Invalid value: "example": should be a domain with at least one dot',
    ],
  ],
  [
    'a group in upper case',
    lamps({ group: 'Example.com' }),
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.group: Invalid value: "Example.com": SUBDOMAIN',
    ],
  ],
  [
    'a group with an empty label',
    lamps({ group: 'a..b' }),
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.group: Invalid value: "a..b": SUBDOMAIN',
    ],
  ],
  ['no scope', lamps({ scope: '' }), ['spec.scope: Required value']],
  [
    'an unknown scope',
    lamps({ scope: 'Galaxy' }),
    ['spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"'],
  ],
  ['the whole cluster', lamps({ scope: 'Cluster' }), []],
  [
    'unknown fields preserved',
    lamps({ preserveUnknownFields: true }),
    [
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  ],
  [
    'unknown fields preserved beside a default',
    lamps({
      preserveUnknownFields: true,
      versions: [
        version('v1', {
          schema: { openAPIV3Schema: { type: 'object', properties: { a: { type: 'string', default: 'x' } } } },
        }),
      ],
    }),
    [
      'spec.preserveUnknownFields: Invalid value: true: must be false in order to use defaults in the schema',
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  ],
  [
    'unknown fields preserved, converted by a webhook',
    lamps({
      preserveUnknownFields: true,
      conversion: {
        strategy: 'Webhook',
        webhook: { clientConfig: { url: 'https://example.com' }, conversionReviewVersions: ['v1'] },
      },
    }),
    [
      'spec.conversion.strategy: Invalid value: "Webhook": must be None if spec.preserveUnknownFields is true',
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  ],
  [
    'unknown fields preserved without a schema',
    lamps({ preserveUnknownFields: true, versions: [version('v1', { schema: undefined })] }),
    [
      'spec.versions[0].schema.openAPIV3Schema: Required value',
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  ],
  [
    'unknown fields preserved with a schema that is not structural',
    lamps({
      preserveUnknownFields: true,
      versions: [version('v1', { schema: { openAPIV3Schema: { properties: { a: {} } } } })],
    }),
    [
      '@.properties[a].type: Required value: must not be empty for specified object fields',
      '@.type: Required value: must not be empty at the root',
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  ],
])('a spec: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
