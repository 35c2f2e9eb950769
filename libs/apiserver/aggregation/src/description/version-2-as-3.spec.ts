import { atOnce } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { partOf } from './open-api-v2.ts';
import { version2As3 } from './version-2-as-3.ts';

const converted = (part: object) => {
  const document = { swagger: '2.0', ...part };
  const part2 = partOf(Buffer.from(JSON.stringify(document)), { group: 'g.example', version: 'v1' });
  return atOnce(version2As3(atOnce(part2)));
};

it('an operation says its body, what it answers and its parameters in the words of v3', () => {
  const { paths } = converted({
    paths: {
      '/apis/g.example/v1/trees': {
        parameters: [{ name: 'dryRun', in: 'query', type: 'string', uniqueItems: true, description: 'd' }],
        post: {
          operationId: 'createTree',
          consumes: ['application/json', 'application/yaml'],
          produces: ['application/json'],
          schemes: ['https'],
          parameters: [{ name: 'body', in: 'body', required: true, schema: { $ref: '#/definitions/Tree' } }],
          responses: {
            201: { description: 'Created', schema: { $ref: '#/definitions/Tree' } },
            401: { description: 'Unauthorized' },
          },
          'x-kubernetes-action': 'post',
        },
      },
    },
    definitions: { Tree: { type: 'object' } },
  }) as { readonly paths: Readonly<Record<string, unknown>> };
  const schema = { $ref: '#/components/schemas/Tree' };
  expect(paths['/apis/g.example/v1/trees']).toEqual({
    post: {
      operationId: 'createTree',
      'x-kubernetes-action': 'post',
      parameters: [{ name: 'dryRun', in: 'query', description: 'd', schema: { type: 'string', uniqueItems: true } }],
      requestBody: { content: { 'application/json': { schema }, 'application/yaml': { schema } } },
      responses: {
        201: { description: 'Created', content: { 'application/json': { schema } } },
        401: { description: 'Unauthorized' },
      },
    },
  });
});

it('definitions are schemas, and a reference stands alone in them', () => {
  const { components } = converted({
    paths: {
      '/apis/g.example/v1/trees': {
        get: { responses: { 200: { description: '', schema: { $ref: '#/definitions/Tree' } } } },
      },
    },
    definitions: {
      Tree: {
        type: 'object',
        properties: {
          root: { $ref: '#/definitions/Root', description: 'below', default: {} },
          leaves: { type: 'array', items: { $ref: '#/definitions/Leaf' } },
          names: { type: 'object', additionalProperties: { $ref: '#/definitions/Leaf' } },
        },
        'x-kubernetes-group-version-kind': [{ group: 'g.example', version: 'v1', kind: 'Tree' }],
      },
      Root: { type: 'object' },
      Leaf: { type: 'object' },
    },
  }) as { readonly components: { readonly schemas: Readonly<Record<string, unknown>> } };
  const leaf = { $ref: '#/components/schemas/Leaf' };
  expect(components.schemas).toMatchObject({
    Tree: {
      type: 'object',
      properties: {
        root: { allOf: [{ $ref: '#/components/schemas/Root' }], description: 'below' },
        leaves: { type: 'array', items: leaf },
        names: { type: 'object', additionalProperties: leaf },
      },
      'x-kubernetes-group-version-kind': [{ group: 'g.example', version: 'v1', kind: 'Tree' }],
    },
    Root: { type: 'object' },
    Leaf: { type: 'object' },
  });
});
