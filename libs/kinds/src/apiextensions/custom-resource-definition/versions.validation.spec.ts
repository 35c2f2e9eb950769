import { expect, it } from 'vitest';
import { faultsOfNew, lamps, list, version, versioned } from './definition.fixture.ts';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  [
    'none',
    lamps({ versions: [] }),
    [
      'spec.versions: Invalid value: []: must have exactly one version marked as storage version',
      'status.storedVersions: Invalid value: null: must have at least one stored version',
    ],
  ],
  [
    'none is stored',
    versioned({ storage: false }),
    [
      'spec.versions: Invalid value: [{"name":"v1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"}}}]: must have exactly one version marked as storage version',
      'status.storedVersions: Invalid value: null: must have at least one stored version',
    ],
  ],
  [
    'two are stored',
    lamps({ versions: [version('v1'), version('v2', { storage: true })] }),
    [
      'spec.versions: Invalid value: [{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}},{"name":"v2","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]: must have exactly one version marked as storage version',
      'status.storedVersions: Invalid value: ["v1"]: must have the storage version v2',
    ],
  ],
  ['one is stored', lamps({ versions: [version('v1'), version('v2')] }), []],
  [
    'the second is stored',
    lamps({ versions: [version('v1', { storage: false }), version('v2', { storage: true })] }),
    [],
  ],
  [
    'one twice',
    lamps({ versions: [version('v1'), version('v1', { storage: false })] }),
    [
      'spec.versions: Invalid value: [{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}},{"name":"v1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"}}}]: must contain unique version names',
    ],
  ],
  [
    'a first one that is no label',
    lamps({ versions: [version('V1', { storage: true })] }),
    ['spec.versions[0].name: Invalid value: "V1": LABEL', 'spec.version: Invalid value: "V1": LABEL'],
  ],
  [
    'a second one that is no label',
    lamps({ versions: [version('v1'), version('2')] }),
    ['spec.versions[1].name: Invalid value: "2": LABEL'],
  ],
  [
    'one without a name',
    lamps({ versions: [version('', { storage: true })] }),
    ['spec.versions[0].name: Invalid value: "": LABEL'],
  ],
  ['nothing is served', versioned({ served: false }), []],
  ['no schema', versioned({ schema: undefined }), ['spec.versions[0].schema.openAPIV3Schema: Required value']],
  ['an empty schema', versioned({ schema: {} }), ['spec.versions[0].schema.openAPIV3Schema: Required value']],
  [
    'one of two without a schema',
    lamps({ versions: [version('v1'), version('v2', { schema: undefined })] }),
    ['spec.versions[1].schema.openAPIV3Schema: Required value'],
  ],
  [
    'different schemas',
    lamps({
      versions: [
        version('v1', { schema: { openAPIV3Schema: { type: 'object', properties: { a: {} } } } }),
        version('v2'),
      ],
    }),
    [
      'spec.versions[0].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields',
    ],
  ],
  [
    'the same fault in both',
    lamps({
      versions: list(2).map((i) =>
        version(`v${i + 1}`, { schema: { openAPIV3Schema: { type: 'object', properties: { a: {} } } } }),
      ),
    }),
    ['@.properties[a].type: Required value: must not be empty for specified object fields'],
  ],
  [
    'a status in one of two',
    lamps({
      versions: [
        version('v1', {
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', minProperties: 1 } },
        }),
        version('v2'),
      ],
    }),
    [
      'spec.versions[0].schema.openAPIV3Schema: Invalid value: {"type":"object","minProperties":1}: only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled',
    ],
  ],
  [
    'a status in one of two with one schema',
    lamps({
      versions: list(2).map((i) =>
        version(`v${i + 1}`, {
          ...(i === 1 && { subresources: { status: {} } }),
          schema: { openAPIV3Schema: { type: 'object', minProperties: 1 } },
        }),
      ),
    }),
    [
      '@: Invalid value: {"type":"object","minProperties":1}: only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled',
    ],
  ],
  [
    'columns in one of two',
    lamps({ versions: [version('v1', { additionalPrinterColumns: [{}] }), version('v2')] }),
    [
      'spec.versions[0].additionalPrinterColumns[0].name: Required value',
      'spec.versions[0].additionalPrinterColumns[0].type: Required value: must be one of boolean,date,integer,number,string',
      'spec.versions[0].additionalPrinterColumns[0].JSONPath: Required value',
    ],
  ],
  [
    'a scale in one of two',
    lamps({ versions: [version('v1'), version('v2', { subresources: { scale: {} } })] }),
    [
      'spec.versions[1].subresources.scale.specReplicasPath: Required value',
      'spec.versions[1].subresources.scale.statusReplicasPath: Required value',
    ],
  ],
  ['deprecated', versioned({ deprecated: true }), []],
  ['deprecated with a warning', versioned({ deprecated: true, deprecationWarning: 'use é ☺ v2' }), []],
  [
    'a warning without being deprecated',
    versioned({ deprecationWarning: 'use v2' }),
    ['spec.versions[0].deprecationWarning: Invalid value: "use v2": can only be set for deprecated versions'],
  ],
  [
    'an empty warning without being deprecated',
    versioned({ deprecationWarning: '' }),
    ['spec.versions[0].deprecationWarning: Invalid value: "": can only be set for deprecated versions'],
  ],
  [
    'an empty warning',
    versioned({ deprecated: true, deprecationWarning: '' }),
    ['spec.versions[0].deprecationWarning: Invalid value: "": must not be an empty string'],
  ],
  ['a long warning', versioned({ deprecated: true, deprecationWarning: 'x'.repeat(256) }), []],
  [
    'a warning that is too long',
    versioned({ deprecated: true, deprecationWarning: 'x'.repeat(257) }),
    [
      'spec.versions[0].deprecationWarning: Invalid value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": must be <= 256 characters long',
    ],
  ],
  [
    'a warning in two lines',
    versioned({ deprecated: true, deprecationWarning: 'é\nb' }),
    [
      'spec.versions[0].deprecationWarning: Invalid value: "é\\nb": must only contain printable UTF-8 characters; non-printable character found at index 2',
    ],
  ],
])('versions: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
