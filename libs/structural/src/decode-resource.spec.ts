import { atOnce, badRequest, clone, type Json, type JsonObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { decodeResource } from './decode-resource.ts';
import type { JsonSchemaProps } from './props.ts';
import { compiled, kindOf, lamp } from './schema.fixture.ts';

const decode = (object: JsonObject, props: JsonSchemaProps): readonly string[] =>
  atOnce(decodeResource(object, compiled(props), { refuse: badRequest, collectUnknown: true }));

const resource: JsonSchemaProps = {
  type: 'object',
  'x-kubernetes-embedded-resource': true,
  'x-kubernetes-preserve-unknown-fields': true,
};

describe('a custom resource is decoded', () => {
  it('as it was sent: wrong types and empty values stay', () => {
    const object = lamp({ n: 'text', list: [], text: '', map: {}, no: false, zero: 0 });
    const text: JsonSchemaProps = { type: 'string' };
    const props = kindOf({
      n: { type: 'integer' },
      list: { type: 'array', items: text },
      text,
      map: { type: 'object', additionalProperties: text },
      no: { type: 'boolean' },
      zero: { type: 'integer' },
    });
    const sent = clone(object);
    expect(decode(object, props)).toEqual([]);
    expect(object).toEqual(sent);
  });

  it('with metadata as every object has it, here and within', () => {
    const object: JsonObject = {
      ...lamp({ tpl: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', bogus: 1 }, other: 1 } }),
      metadata: { name: 'a', more: { x: 1 } },
    };
    expect(decode(object, kindOf({ tpl: resource }))).toEqual([
      'unknown field "metadata.more"',
      'unknown field "spec.tpl.metadata.bogus"',
    ]);
    expect(object).toEqual(lamp({ tpl: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, other: 1 } }));
  });

  it.each<[string, JsonObject, string]>([
    [
      'its metadata is none',
      { ...lamp({}), metadata: { name: 5 } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.name of type string',
    ],
    [
      'that of a resource within is none',
      lamp({ tpl: { metadata: { labels: [1] } } }),
      'spec.tpl.metadata: Invalid value: {"labels":[1]}: json: cannot unmarshal array into Go struct field ObjectMeta.labels of type map[string]string',
    ],
    ['a kind within is no text', lamp({ tpl: { kind: 5 } }), 'spec.tpl.kind: Invalid value: 5: must be a string'],
  ])('and refused when %s', (_name, object, why) => {
    expect(() => decode(object, kindOf({ tpl: resource }))).toThrow(why);
  });

  describe('with a thousand levels', () => {
    const nested = (levels: number): Json => {
      let value: Json = {};
      for (let level = 1; level < levels; level++) value = level % 2 ? { a: value } : [value];
      return value;
    };
    const anything = kindOf({ f: { 'x-kubernetes-preserve-unknown-fields': true } });

    it('it is kept', () => {
      const object = lamp({ f: nested(998) });
      const sent = JSON.stringify(object);
      expect(decode(object, anything)).toEqual([]);
      expect(JSON.stringify(object)).toBe(sent);
    });

    it.each([999, 1100, 20_000])('and no more: of %d within its spec it is refused', (levels) => {
      expect(() => decode(lamp({ f: nested(levels) }), anything)).toThrow('exceeded max depth');
    });

    it('of those that nobody knows there may be more', () => {
      expect(decode(lamp({ g: nested(20_000) }), anything)).toEqual(['unknown field "spec.g"']);
    });
  });

  it('without a schema: with all that is in it', () => {
    const object = lamp({ anything: { at: [null, 1] } });
    const sent = clone(object);
    expect(decode(object, { type: 'object', 'x-kubernetes-preserve-unknown-fields': true })).toEqual([]);
    expect(object).toEqual(sent);
  });
});
