import { atOnce, type Json, type JsonObject, MOST_TOLD_FAULTS, StatusError, type Steps } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { compileSchema } from './compile-schema.ts';
import { decodeResource } from './decode-resource.ts';
import { defaultFaults } from './default-faults.ts';
import { applyDefaults, dropNulls } from './defaults.ts';
import { objectMeta } from './object-meta.fixture.ts';
import { openApiV2, openApiV3 } from './openapi/openapi.ts';
import type { JsonSchemaProps } from './props.ts';
import { prune } from './prune.ts';
import { compiled, kindOf, lamp } from './schema.fixture.ts';
import { structuralFaults } from './structural-faults.ts';
import { MOST_SCHEMA_LEVELS, unsupportedKeyword } from './unsupported-keyword.ts';
import { checkFaults, validateCustomResource } from './validate/validate-custom-resource.ts';

const common = { apiVersion: {}, kind: {}, metadata: {} };

/** How many steps there were. */
function stepsOf(steps: Steps<unknown>): number {
  let count = 0;
  while (!steps.next().done) count++;
  return count;
}

const nested = (levels: number): JsonSchemaProps => {
  let props: JsonSchemaProps = { type: 'object', properties: { n: { type: 'integer', default: 1 } } };
  for (let level = 2; level < levels; level++) props = { type: 'object', properties: { a: props } };
  return props;
};

describe('a schema as deep as there may be', () => {
  const deep = nested(MOST_SCHEMA_LEVELS);
  let object: Json = {};
  for (let level = 2; level < MOST_SCHEMA_LEVELS; level++) object = { a: object };

  it('is compiled, checked, filled in and published', () => {
    const schema = compiled(deep);
    expect(atOnce(structuralFaults(deep, 's'))).toEqual([]);
    expect(atOnce(defaultFaults(deep, 's', { objectMeta }))).toEqual([]);
    const draft = structuredClone(object) as JsonObject;
    atOnce(applyDefaults(draft, schema));
    atOnce(dropNulls(draft, schema));
    expect(JSON.stringify(draft)).toContain('{"n":1}');
    expect(atOnce(prune(draft, schema, { collectUnknown: true }))).toEqual([]);
    expect(atOnce(validateCustomResource(draft, schema, { old: object }))).toEqual([]);
    expect(JSON.stringify(atOnce(openApiV3(deep, common)))).toContain('"n"');
    expect(JSON.stringify(atOnce(openApiV2(deep, common)))).toContain('"n"');
  });

  it('is refused one level deeper', () => {
    const why = `OpenAPIV3Schema is nested deeper than ${MOST_SCHEMA_LEVELS} levels`;
    expect(atOnce(unsupportedKeyword(nested(MOST_SCHEMA_LEVELS + 1)))).toBe(why);
  });

  it('may be one of conditions', () => {
    let props: JsonSchemaProps = { minimum: 5 };
    for (let level = 0; level < 400; level++) props = level % 2 ? { anyOf: [props] } : { allOf: [props] };
    const faults = atOnce(
      validateCustomResource(lamp({ f: 1 }), compiled(kindOf({ f: { type: 'integer', ...props } }))),
    );
    expect(faults.map(({ detail }) => detail)).toContain('spec.f in body should be greater than or equal to 5');
  });
});

describe('an object deeper than its schema', () => {
  it('loses what nobody knows, however deep', () => {
    let value: Json = { x: 1 };
    for (let level = 0; level < 20_000; level++) value = [value];
    const object = lamp({ f: { k: value } });
    const schema = compiled(kindOf({ f: { type: 'object', additionalProperties: true } }));
    expect(atOnce(prune(object, schema, { collectUnknown: true }))).toHaveLength(1);
  });
});

describe('what is wide', () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `f${i}`);
  const wide: JsonSchemaProps = kindOf(
    Object.fromEntries(names.map((name) => [name, { type: 'integer', default: 1 }])),
  );
  const items: JsonSchemaProps = kindOf({
    f: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'integer' } },
  });
  const many = lamp({ f: Array.from({ length: 100_000 }, (_, i) => i) });

  it('is walked in steps, each of some hundred members', () => {
    const schema = compiled(wide);
    expect(stepsOf(compileSchema(wide, { objectMeta }))).toBeGreaterThan(30);
    expect(stepsOf(structuralFaults(wide, 's'))).toBeGreaterThan(30);
    expect(stepsOf(defaultFaults(wide, 's', { objectMeta }))).toBeGreaterThan(30);
    expect(stepsOf(openApiV2(wide, common))).toBeGreaterThan(30);
    const object = lamp({});
    expect(stepsOf(applyDefaults(object, schema))).toBeGreaterThan(30);
    expect(stepsOf(prune(object, schema))).toBeGreaterThan(30);
    expect(stepsOf(validateCustomResource(object, schema))).toBeGreaterThan(30);
    expect(stepsOf(validateCustomResource(many, compiled(items), { old: many }))).toBeGreaterThan(300);
  });

  it('is told as far as anybody reads', () => {
    const schema = compiled(kindOf({ f: { type: 'array', items: { type: 'string' } } }));
    expect(atOnce(validateCustomResource(many, schema))).toHaveLength(500);
    expect(atOnce(validateCustomResource(many, schema, { old: many }))).toEqual([]);
  });

  it('is told once where alternatives find the same', () => {
    const branch: JsonSchemaProps = { items: { minimum: 1_000_000 } };
    const props = kindOf({ f: { type: 'array', items: { type: 'integer' }, allOf: Array(4).fill(branch) } });
    expect(atOnce(validateCustomResource(many, compiled(props)))).toHaveLength(500);
  });
});

describe('unknown fields below a long key', () => {
  const key = 'k'.repeat(50_000);
  const among = (count: number, item: () => Json) => lamp({ f: { [key]: Array.from({ length: count }, item) } });
  const schemaOf = (items: JsonSchemaProps) =>
    compiled(kindOf({ f: { type: 'object', additionalProperties: { type: 'array', items } } }));

  it.each<[string, JsonSchemaProps, () => Json]>([
    ['of objects', { type: 'object' }, () => ({ u: 0 })],
    [
      'of the metadata of resources',
      { type: 'object', 'x-kubernetes-embedded-resource': true },
      () => ({ apiVersion: 'v1', kind: 'K', metadata: { u: 0 } }),
    ],
  ])('%s are gone, and told as far as anybody reads', (_name, props, item) => {
    const object = among(1000, item) as JsonObject;
    const refuse = (why: string) => new StatusError(400, 'BadRequest', why);
    const told = atOnce(decodeResource(object, schemaOf(props), { refuse, collectUnknown: true }));
    expect(told).toHaveLength(MOST_TOLD_FAULTS);
    expect(told[0]!.length).toBeLessThan(5_000);
    expect(told[0]).toMatch(/^unknown field "spec\.f[.[]k{4000}/);
    expect(JSON.stringify(object)).not.toContain('"u"');
  });
});

describe('as many as a client may send', () => {
  const many = Array.from({ length: 130_000 }, (_, i) => `n${i}`);
  const faultsOf = (props: JsonSchemaProps) => {
    const faults = atOnce(structuralFaults(props, 's'));
    return faults.length > 0 ? faults : atOnce(defaultFaults(props, 's', { objectMeta }));
  };

  it.each<[string, JsonSchemaProps]>([
    ['fields', { type: 'object', properties: Object.fromEntries(many.map((name) => [name, {}])) }],
    ['conditions', kindOf({ f: { type: 'string', allOf: many.map(() => ({ type: 'string' })) } })],
    ['missing fields', kindOf({ f: { type: 'object', required: many, default: {} } })],
  ])('%s are told as far as anybody reads', (_name, props) => {
    expect(faultsOf(props)).toHaveLength(500);
  });

  it('fields are compiled and published', () => {
    const props: JsonSchemaProps = {
      type: 'object',
      properties: Object.fromEntries(many.map((name) => [name, { type: 'string' }])),
    };
    expect(Object.keys(compiled(props).fields)).toHaveLength(many.length + 3);
    for (const told of [openApiV2(props, common), openApiV3(props, common)])
      expect(Object.keys(atOnce(told)['properties'] as object)).toHaveLength(many.length + 3);
  });

  it('labels of a resource within are told as far as anybody reads', () => {
    const labels = Object.fromEntries(many.map((name) => [`${name} `, '']));
    const resource: JsonSchemaProps = {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    };
    const object = lamp({ f: { apiVersion: 'v1', kind: 'Pod', metadata: { labels } } });
    expect(atOnce(validateCustomResource(object, compiled(kindOf({ f: resource }))))).toHaveLength(500);
  });
});

describe('names that every object inherits', () => {
  const spec = JSON.parse('{"__proto__":{"a":1},"constructor":1,"toString":null}') as Json;

  it('are members like any other', () => {
    const schema = compiled(kindOf({ a: { type: 'string', default: 'x' } }));
    const object = lamp(spec);
    expect(atOnce(prune(object, schema, { collectUnknown: true }))).toEqual([
      'spec.__proto__',
      'spec.constructor',
      'spec.toString',
    ]);
    atOnce(applyDefaults(object, schema));
    expect(object).toEqual(lamp({ a: 'x' }));
    expect(({} as { a?: string }).a).toBeUndefined();
  });

  it('are required only when they are there', () => {
    const schema = compiled(kindOf({ f: { type: 'object', required: ['constructor', 'toString'] } }));
    expect(atOnce(validateCustomResource(lamp({ f: {} }), schema)).map(({ field }) => field)).toEqual([
      'spec.f.constructor',
      'spec.f.toString',
    ]);
  });
});

describe('a pattern', () => {
  it('takes time linear in the text', () => {
    const schema = compiled(kindOf({ f: { type: 'string', pattern: '^(a+)+(a|aa)*$' } }));
    const faults = atOnce(validateCustomResource(lamp({ f: `${'a'.repeat(50_000)}!` }), schema));
    expect(faults).toHaveLength(1);
  });
});

describe('an enum of very many values', () => {
  const values = Array.from({ length: 60_000 }, (_, i) => `value-${i}`);

  it('is told in few words, and put in words once, of however many items that are none of them', () => {
    const texts: JsonSchemaProps = { type: 'array', items: { type: 'string', enum: values } };
    const object = lamp({ f: Array.from({ length: 400 }, (_, i) => `none-${i}`) });
    const faults = atOnce(validateCustomResource(object, compiled(kindOf({ f: texts }))));
    expect(faults.length).toBe(400);
    const details = new Set(faults.map(({ detail }) => detail));
    expect(details.size).toBe(1);
    expect([...details][0]!.length).toBeLessThan(5000);
    expect([...details][0]).toMatch(/, and \d+ more$/);
  });

  it('is looked through once, of however many numbers or texts', () => {
    let looks = 0;
    const counted = new Proxy(
      values.map((_, i) => i),
      {
        get(target, key, self) {
          if (key === 'length') looks++;
          return Reflect.get(target, key, self) as unknown;
        },
      },
    );
    const checks = { items: { enum: counted } } as never;
    const faults = atOnce(
      checkFaults(
        Array.from({ length: 1000 }, (_, i) => -i - 1),
        checks,
        'a',
      ),
    );
    expect(faults.length).toBe(500);
    // Once for each item whether there are any, and a few times to make a set and words of them.
    expect(looks).toBeLessThan(1000 + 10);
  });
});
