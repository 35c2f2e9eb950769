import {
  clone,
  deepFreeze,
  type FieldSchema,
  type Json,
  type ListSchema,
  type NodeFacts,
  ownValue,
  Rests,
  type Schema,
  type Steps,
  type StructSchema,
  setKey,
  type ValueChecks,
} from '@kubernest/meta';
import { coerceEmbedded } from './coerce.ts';
import { compileChecks } from './compile-checks.ts';
import { dearnessOf } from './dearness.ts';
import { isEmbedded } from './embedded.ts';
import { metadataSchema } from './metadata-schema.ts';
import { defaultOf, entriesOf, hasOthers, itemsOf, type JsonSchemaProps, othersOf } from './props.ts';
import { prune } from './prune.ts';

export interface CompileOptions {
  /** The schema of every object's metadata. */
  readonly objectMeta: StructSchema;
  /** OpenAPI definition name: `com.example.v1.Lamp`. */
  readonly name?: string;
}

/**
 * One schema for everything that handles a version's objects: decoding, pruning, defaults, validation, server-side apply, managed fields.
 * `props` is structural (`structuralFaults` found nothing); without one whatever is in an object stays as it is. Linear, in steps.
 */
export function* compileSchema(props: JsonSchemaProps | undefined, options: CompileOptions): Steps<StructSchema> {
  const root: JsonSchemaProps = props ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const compiler = new Compiler(options.objectMeta);
  const checks = yield* compileChecks(root, 'resource', compiler.rests);
  const resource = yield* compiler.resource(root, checks, {});
  const dearness = yield* dearnessOf(checks, compiler.rests);
  return { ...resource, dearness, ...(options.name !== undefined && { name: options.name }) };
}

/** Nothing is known of a member that any member may stand beside. */
const unknownMember: Schema = { type: 'any', keepsNoFields: true };

class Compiler {
  readonly rests = new Rests();

  constructor(private readonly objectMeta: StructSchema) {}

  *resource(props: JsonSchemaProps, checks: ValueChecks | undefined, facts: NodeFacts): Steps<StructSchema> {
    const { metadata, ...declared } = yield* this.#fields(props, checks);
    const text: FieldSchema = { schema: { type: 'string' } };
    return {
      type: 'struct',
      ...facts,
      ...this.#common(props, checks),
      embeddedResource: true,
      fields: {
        apiVersion: text,
        kind: text,
        metadata: { ...metadata, schema: metadataSchema(this.objectMeta, metadata?.schema) },
        ...declared,
      },
    };
  }

  *#node(props: JsonSchemaProps, checks: ValueChecks | undefined): Steps<Schema> {
    if (this.rests.isDue()) yield;
    const schema = yield* this.#shape(props, checks);
    const value = defaultOf(props);
    return value === undefined ? schema : { ...schema, default: yield* pruned(value, schema) };
  }

  *#shape(props: JsonSchemaProps, checks: ValueChecks | undefined): Steps<Schema> {
    const common = this.#common(props, checks);
    if (props['x-kubernetes-int-or-string']) return { type: 'int-or-string', ...common };
    if (props['x-kubernetes-embedded-resource']) return yield* this.resource(props, checks, common);
    const isAtomic = props['x-kubernetes-map-type'] === 'atomic';
    switch (props.type) {
      case 'string':
      case 'integer':
      case 'number':
      case 'boolean':
        return { type: props.type, ...common };
      case 'array':
        return {
          type: 'list',
          items: (yield* this.#items(props, checks)) ?? unknownMember,
          ...lists(props),
          ...common,
        };
      case 'object': {
        const others = yield* this.#others(props, checks);
        if (others && entriesOf(props.properties).length === 0)
          return { type: 'map', values: others, atomic: isAtomic, ...common };
        return { type: 'struct', fields: yield* this.#fields(props, checks), others, atomic: isAtomic, ...common };
      }
      default:
        return {
          type: 'any',
          fields: yield* this.#fields(props, checks),
          others: yield* this.#others(props, checks),
          items: yield* this.#items(props, checks),
          ...common,
        };
    }
  }

  #common(props: JsonSchemaProps, checks: ValueChecks | undefined): NodeFacts {
    return {
      checks,
      ...(props.nullable ? { nullable: true } : {}),
      ...(props['x-kubernetes-preserve-unknown-fields'] ? { preserveUnknownFields: true } : {}),
    };
  }

  *#fields(props: JsonSchemaProps, checks: ValueChecks | undefined): Steps<Record<string, FieldSchema>> {
    const fields: Record<string, FieldSchema> = {};
    const required = new Set(props.required);
    for (const [name, member] of entriesOf(props.properties)) {
      const schema = yield* this.#node(member, ownValue(checks?.properties, name));
      setKey(fields, name, {
        schema,
        required: required.has(name),
        description: member.description,
        default: schema.default,
        keepsZero: true,
      });
    }
    return fields;
  }

  *#others(props: JsonSchemaProps, checks: ValueChecks | undefined): Steps<Schema | undefined> {
    const others = othersOf(props);
    if (others) return yield* this.#node(others, checks?.others || undefined);
    return hasOthers(props) ? unknownMember : undefined;
  }

  *#items(props: JsonSchemaProps, checks: ValueChecks | undefined): Steps<Schema | undefined> {
    const items = itemsOf(props);
    return items && (yield* this.#node(items, checks?.items));
  }
}

const lists = (props: JsonSchemaProps): Pick<ListSchema, 'listType' | 'keys'> => {
  const type = props['x-kubernetes-list-type'];
  return {
    listType: type === 'map' || type === 'set' ? type : 'atomic',
    ...(type === 'map' ? { keys: props['x-kubernetes-list-map-keys'] ?? [] } : {}),
  };
};

/** A default is a value like any other: what nobody knows of it nobody gets. */
function* pruned(value: Json, schema: Schema): Steps<Json> {
  const own = clone(value);
  yield* prune(own, schema);
  yield* coerceEmbedded(own, schema, { withRoot: isEmbedded(schema) });
  return deepFreeze(own);
}
