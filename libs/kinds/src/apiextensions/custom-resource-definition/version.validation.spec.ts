import { expect, it } from 'vitest';
import { column, faultsOfNew, lamps, list, scaling, selecting, version, versioned } from './definition.fixture.ts';

const text = { type: 'string' };

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  [
    'a scale of nothing',
    scaling({}),
    [
      'spec.subresources.scale.specReplicasPath: Required value',
      'spec.subresources.scale.statusReplicasPath: Required value',
    ],
  ],
  [
    'a scale',
    scaling({ specReplicasPath: '.spec.n', statusReplicasPath: '.status.n', labelSelectorPath: '.status.s' }),
    [],
  ],
  [
    'a selector in the spec',
    scaling({ specReplicasPath: '.spec.n', statusReplicasPath: '.status.n', labelSelectorPath: '.spec.s' }),
    [],
  ],
  [
    'paths elsewhere',
    scaling({ specReplicasPath: '.status.n', statusReplicasPath: '.spec.n', labelSelectorPath: '.metadata.s' }),
    [
      'spec.subresources.scale.specReplicasPath: Invalid value: ".status.n": should be a json path under .spec',
      'spec.subresources.scale.statusReplicasPath: Invalid value: ".spec.n": should be a json path under .status',
      'spec.subresources.scale.labelSelectorPath: Invalid value: ".metadata.s": should be a json path under either .spec or .status',
    ],
  ],
  [
    'paths without a dot',
    scaling({ specReplicasPath: 'spec.n', statusReplicasPath: 'status.n', labelSelectorPath: 'status.s' }),
    [
      'spec.subresources.scale.specReplicasPath: Invalid value: "spec.n": must be a simple json path starting with .',
      'spec.subresources.scale.statusReplicasPath: Invalid value: "status.n": must be a simple json path starting with .',
      'spec.subresources.scale.labelSelectorPath: Invalid value: "status.s": must be a simple json path starting with .',
    ],
  ],
  [
    'only the root of a path',
    scaling({ specReplicasPath: '.spec', statusReplicasPath: '.status', labelSelectorPath: '' }),
    [
      'spec.subresources.scale.specReplicasPath: Invalid value: ".spec": should be a json path under .spec',
      'spec.subresources.scale.statusReplicasPath: Invalid value: ".status": should be a json path under .status',
    ],
  ],
  ['a column', column({}), []],
  [
    'a column of nothing',
    column({ name: '', type: '', jsonPath: '' }),
    [
      'spec.additionalPrinterColumns[0].name: Required value',
      'spec.additionalPrinterColumns[0].type: Required value: must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[0].JSONPath: Required value',
    ],
  ],
  [
    'a column of an unknown type',
    column({ type: 'duration' }),
    [
      'spec.additionalPrinterColumns[0].type: Invalid value: "duration": must be one of boolean,date,integer,number,string',
    ],
  ],
  [
    'a column of an unknown format',
    column({ format: 'hex' }),
    [
      'spec.additionalPrinterColumns[0].format: Invalid value: "hex": must be one of byte,date,date-time,double,float,int32,int64,password',
    ],
  ],
  [
    'columns of every type',
    versioned({
      additionalPrinterColumns: ['integer', 'number', 'string', 'boolean', 'date'].map((type) => ({
        name: 'A',
        type,
        jsonPath: '.a',
      })),
    }),
    [],
  ],
  [
    'columns of every format',
    versioned({
      additionalPrinterColumns: ['int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password'].map(
        (format) => ({ name: 'A', type: 'string', format, jsonPath: '.a' }),
      ),
    }),
    [],
  ],
  [
    'a column at a path without a dot',
    column({ jsonPath: '{.spec.a}' }),
    [
      'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "{.spec.a}": must be a simple json path starting with .',
    ],
  ],
  ['a column at an odd path', column({ jsonPath: '.spec.a[?(@' }), []],
])('subresources and columns: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});

it.each<[string, object, string[]]>([
  [
    'texts, booleans and integers',
    selecting(['.a', '.b', '.c'], { a: text, b: { type: 'boolean' }, c: { type: 'integer' } }),
    [],
  ],
  ['a text of few words', selecting(['.a'], { a: { type: 'string', enum: ['x'] } }), []],
  ['a field within', selecting(['.spec.a'], { spec: { type: 'object', properties: { a: text } } }), []],
  ['an entry of a map', selecting(['.spec.a'], { spec: { type: 'object', additionalProperties: text } }), []],
  [
    'other types',
    selecting(['.a', '.b', '.c'], { a: { type: 'number' }, b: { type: 'object' }, c: { type: 'array', items: text } }),
    [
      'spec.selectableFields[0].jsonPath: Invalid value: ".a": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      'spec.selectableFields[1].jsonPath: Invalid value: ".b": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      'spec.selectableFields[2].jsonPath: Invalid value: ".c": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    ],
  ],
  [
    'no path',
    selecting([undefined, ''], {}),
    ['spec.selectableFields[0].jsonPath: Required value', 'spec.selectableFields[1].jsonPath: Required value'],
  ],
  [
    'a path that leads nowhere',
    selecting(['.b', '.a.b', '.', '..a'], { a: text }),
    [
      'spec.selectableFields[0].jsonPath: Invalid value: ".b": is an invalid path: does not refer to a valid field',
      'spec.selectableFields[1].jsonPath: Invalid value: ".a.b": is an invalid path: does not refer to a valid field',
      'spec.selectableFields[2].jsonPath: Invalid value: ".": is an invalid path: unexpected end of JSON path',
      'spec.selectableFields[3].jsonPath: Invalid value: "..a": is an invalid path: does not refer to a valid field',
    ],
  ],
  [
    'a path without a dot',
    selecting(['a'], { a: text }),
    ['spec.selectableFields[0].jsonPath: Invalid value: "a": is an invalid path: expected [ or . but got: a'],
  ],
  [
    'brackets',
    selecting([".a['b']", '.a[0]'], { a: { type: 'object', properties: { b: text } } }),
    [
      'spec.selectableFields[0].jsonPath: Invalid value: ".a[\'b\']": is an invalid path: array notation is not allowed',
      'spec.selectableFields[1].jsonPath: Invalid value: ".a[0]": is an invalid path: array notation is not allowed',
    ],
  ],
  [
    'metadata',
    selecting(['.metadata.name'], { metadata: { type: 'object', properties: { name: text } } }),
    ['spec.selectableFields[0].jsonPath: Invalid value: ".metadata.name": must not point to fields in metadata'],
  ],
  ['one twice', selecting(['.a', '.a'], { a: text }), ['spec.selectableFields[1].jsonPath: Duplicate value: ".a"']],
  [
    'as many as there may be',
    selecting(
      list(8).map((i) => `.a${i}`),
      Object.fromEntries(list(8).map((i) => [`a${i}`, text])),
    ),
    [],
  ],
  [
    'too many',
    selecting(
      list(9).map((i) => `.a${i}`),
      Object.fromEntries(list(9).map((i) => [`a${i}`, text])),
    ),
    ['spec.selectableFields: Too many: 9: must have at most 8 items'],
  ],
  [
    'without a schema',
    versioned({ schema: undefined, selectableFields: [{ jsonPath: '.a' }] }),
    [
      'spec.versions[0].schema.openAPIV3Schema: Required value',
      'spec.selectableFields: Invalid value: "": may only be set when validations.schema is included',
    ],
  ],
  [
    'in one of two versions',
    lamps({ versions: [version('v1', { selectableFields: [{ jsonPath: '.a' }] }), version('v2')] }),
    [
      'spec.versions[0].selectableFields: Invalid value: "": may only be set when `version.schema.openAPIV3Schema` is not included',
    ],
  ],
  [
    'in one of two versions, without a schema',
    lamps({ versions: [version('v1', { schema: undefined, selectableFields: [{ jsonPath: '.a' }] }), version('v2')] }),
    [
      'spec.versions[0].schema.openAPIV3Schema: Required value',
      'spec.versions[0].selectableFields: Invalid value: "": may only be set when `version.schema.openAPIV3Schema` is not included',
    ],
  ],
])('selectable fields: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
