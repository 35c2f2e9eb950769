import { expect, it } from 'vitest';
import { faultsOfNew, holding, mapOf, ruled } from '../definition.fixture.ts';

const keyed = { type: 'object', required: ['b'], properties: { b: { type: 'string', maxLength: 5 } } };
const on = 'x-kubernetes-';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  ['one', ruled({ rule: 'has(self.b)' }), []],
  ['none', ruled(), []],
  [
    'an empty one',
    ruled({ rule: ' ' }),
    ['@.properties[a].x-kubernetes-validations[0].rule: Required value: rule is not specified'],
  ],
  [
    'an empty message',
    ruled({ rule: 'has(self.b)', message: ' ' }),
    ['@.properties[a].x-kubernetes-validations[0].message: Invalid value: " ": must be non-empty if specified'],
  ],
  [
    'a message in two lines',
    ruled({ rule: 'has(self.b)', message: 'a\nb' }),
    ['@.properties[a].x-kubernetes-validations[0].message: Invalid value: "a\\nb": must not contain line breaks'],
  ],
  ['a message with a line before it', ruled({ rule: 'has(self.b)', message: '\na' }), []],
  [
    'two lines without a message',
    ruled({ rule: 'has(self.b)\n|| true' }),
    [
      '@.properties[a].x-kubernetes-validations[0].message: Required value: message must be specified if rule contains line breaks',
    ],
  ],
  ['two lines with a message', ruled({ rule: 'has(self.b)\r\n|| true', message: 'a' }), []],
  [
    'an empty message expression',
    ruled({ rule: 'has(self.b)', messageExpression: ' ' }),
    [
      '@.properties[a].x-kubernetes-validations[0].messageExpression: Required value: messageExpression must be non-empty if specified',
    ],
  ],
  ['a message expression', ruled({ rule: 'has(self.b)', messageExpression: "'a'" }), []],
  [
    'an unknown reason',
    ruled({ rule: 'has(self.b)', reason: 'Bad' }),
    [
      '@.properties[a].x-kubernetes-validations[0].reason: Unsupported value: "Bad": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
    ],
  ],
  [
    'an empty reason',
    ruled({ rule: 'has(self.b)', reason: '' }),
    [
      '@.properties[a].x-kubernetes-validations[0].reason: Unsupported value: "": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
    ],
  ],
  [
    'the reasons that there are',
    ruled(
      ...['FieldValueInvalid', 'FieldValueForbidden', 'FieldValueRequired', 'FieldValueDuplicate'].map((reason) => ({
        rule: 'has(self.b)',
        reason,
      })),
    ),
    [],
  ],
  ['a path', ruled({ rule: 'has(self.b)', fieldPath: '.b' }), []],
  ['a path in brackets', ruled({ rule: 'has(self.b)', fieldPath: "['b']" }), []],
  [
    'paths that lead nowhere',
    ruled(
      ...['.c', '.b.c', 'b', '.b[0]', '..b', '.', "['b", '["b"]'].map((fieldPath) => ({
        rule: 'has(self.b)',
        fieldPath,
      })),
    ),
    [
      '@.properties[a].x-kubernetes-validations[0].fieldPath: Invalid value: ".c": must be a valid path',
      '@.properties[a].x-kubernetes-validations[1].fieldPath: Invalid value: ".b.c": must be a valid path',
      '@.properties[a].x-kubernetes-validations[2].fieldPath: Invalid value: "b": must be a valid path',
      '@.properties[a].x-kubernetes-validations[3].fieldPath: Invalid value: ".b[0]": must be a valid path',
      '@.properties[a].x-kubernetes-validations[4].fieldPath: Invalid value: "..b": must be a valid path',
      '@.properties[a].x-kubernetes-validations[5].fieldPath: Invalid value: ".": must be a valid path',
      '@.properties[a].x-kubernetes-validations[6].fieldPath: Invalid value: "[\'b": must be a valid path',
      '@.properties[a].x-kubernetes-validations[7].fieldPath: Invalid value: "[\\"b\\"]": must be a valid path',
    ],
  ],
  [
    'an empty path',
    ruled({ rule: 'has(self.b)', fieldPath: ' ' }),
    [
      '@.properties[a].x-kubernetes-validations[0].fieldPath: Invalid value: " ": must be non-empty if specified',
      '@.properties[a].x-kubernetes-validations[0].fieldPath: Invalid value: " ": must be a valid path',
    ],
  ],
  [
    'a path in two lines',
    ruled({ rule: 'has(self.b)', fieldPath: '.b\n' }),
    [
      '@.properties[a].x-kubernetes-validations[0].fieldPath: Invalid value: ".b\\n": must not contain line breaks',
      '@.properties[a].x-kubernetes-validations[0].fieldPath: Invalid value: ".b\\n": must be a valid path',
    ],
  ],
  [
    'a path into a list',
    holding({
      type: 'object',
      properties: { b: { type: 'array', items: keyed } },
      [`${on}validations`]: [{ rule: 'true', fieldPath: '.b.b' }],
    }),
    ['@.properties[a].x-kubernetes-validations[0].fieldPath: Invalid value: ".b.b": must be a valid path'],
  ],
  [
    'a path into a map',
    holding({
      type: 'object',
      properties: { b: { type: 'object', additionalProperties: keyed } },
      [`${on}validations`]: [{ rule: 'true', fieldPath: ".b['x.\\'y'].b" }],
    }),
    [],
  ],
  ['before and after', ruled({ rule: 'self == oldSelf' }), []],
  ['before and after, where there may be no before', ruled({ rule: 'oldSelf.hasValue()', optionalOldSelf: true }), []],
  [
    'no before although it is said',
    ruled({ rule: 'has(self.b)', optionalOldSelf: true }, { rule: 'has(self.b)', optionalOldSelf: false }),
    [
      '@.properties[a].x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule',
      '@.properties[a].x-kubernetes-validations[1].optionalOldSelf: Invalid value: false: may not be set if oldSelf is not used in rule',
    ],
  ],
  [
    'only a text that names it',
    ruled({ rule: "self.b == 'oldSelf' // oldSelf", optionalOldSelf: true }),
    [
      '@.properties[a].x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule',
    ],
  ],
  [
    'before and after in an atomic list',
    holding({
      type: 'array',
      maxItems: 5,
      items: { type: 'string', maxLength: 5, [`${on}validations`]: [{ rule: 'self == oldSelf' }] },
    }),
    [
      '@.properties[a].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within @.properties[a]',
    ],
  ],
  [
    'before and after in a set',
    holding({
      type: 'array',
      maxItems: 5,
      [`${on}list-type`]: 'set',
      items: { type: 'string', maxLength: 5, [`${on}validations`]: [{ rule: 'self == oldSelf' }] },
    }),
    [
      '@.properties[a].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within @.properties[a]',
    ],
  ],
  ['before and after in a map', mapOf({ ...keyed, [`${on}validations`]: [{ rule: 'self.b == oldSelf.b' }] }), []],
  [
    'before and after of a list',
    holding({
      type: 'array',
      maxItems: 5,
      items: { type: 'string', maxLength: 5 },
      [`${on}validations`]: [{ rule: 'self == oldSelf' }],
    }),
    [],
  ],
  [
    'before and after in a map that is atomic',
    holding({
      type: 'object',
      [`${on}map-type`]: 'atomic',
      properties: { b: { type: 'string', [`${on}validations`]: [{ rule: 'self == oldSelf' }] } },
    }),
    [],
  ],
  [
    'in conditions',
    holding({
      type: 'string',
      allOf: [{ [`${on}validations`]: [{ rule: 'true' }] }],
      not: { [`${on}validations`]: [{ rule: '' }] },
    }),
    [
      '@.properties[a].allOf[0].x-kubernetes-validations: Forbidden: must be empty to be structural',
      '@.properties[a].not.x-kubernetes-validations: Forbidden: must be empty to be structural',
      '@.properties[a].not.x-kubernetes-validations[0].rule: Required value: rule is not specified',
    ],
  ],
  [
    'of a schema with another fault',
    holding({ type: 'object', uniqueItems: true, [`${on}validations`]: [{ rule: 'true', optionalOldSelf: true }] }),
    [
      '@.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    ],
  ],
])('rules: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
