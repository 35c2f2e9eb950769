import {
  atOnce,
  type FieldSchema,
  type Json,
  type ListSchema,
  type ScalarSchema,
  type Schema,
  type Steps,
  type StructSchema,
} from '@kubernest/meta';
import type { OfEveryObject } from '@kubernest/structural';
import type { CustomSchema } from '../custom-schema.ts';
import { listKindOf } from '../define.ts';
import { metaSchema } from '../schema/meta-schema.ts';
import { definitionName, type GroupVersionKind } from './names.ts';

/** A kind, or a subresource's body. */
export type DescribedKind = GroupVersionKind & {
  readonly schema: Schema;
  readonly listKind?: string;
  readonly customSchema?: CustomSchema;
};

/** A JSON Schema as OpenAPI has it. */
export type OpenApiSchema = { [key: string]: Json };

/** Texts of built-in types: the type's own under the empty name, its fields' under theirs. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const named = {
  time: `${meta}.Time`,
  microTime: `${meta}.MicroTime`,
  fields: `${meta}.FieldsV1`,
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  raw: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
} as const;

function withoutUndefined(schema: Record<string, Json | undefined>): OpenApiSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined)) as OpenApiSchema;
}

/**
 * The schemas of one document, gathered while its operations are written. Version 2 cannot say "number or text" and leaves defaults out; version 3 wraps a reference
 * that has anything beside it into `allOf`.
 */
export class OpenApiSchemas {
  readonly definitions: Record<string, OpenApiSchema> = {};

  constructor(
    private readonly flavour: 'v2' | 'v3',
    private readonly descriptions: Descriptions,
  ) {}

  reference(name: string): OpenApiSchema {
    return { $ref: `#/${this.flavour === 'v2' ? 'definitions' : 'components/schemas'}/${name}` };
  }

  /** Adds a kind under its own name, with the kinds that are sent as it. */
  addKind(type: DescribedKind): OpenApiSchema {
    const name = definitionName(type);
    if (!this.isDescribed(name)) {
      this.definitions[name] = type.customSchema
        ? atOnce(type.customSchema.openApi(this.flavour, this.#common()))
        : this.struct(type.schema as StructSchema, true);
      this.addGroupVersionKind(name, type);
    }
    return this.reference(name);
  }

  /** A custom kind may be wide: added before `addKind` asks for it. */
  *addCustom(type: DescribedKind): Steps<void> {
    const name = definitionName(type);
    if (!type.customSchema || this.isDescribed(name)) return;
    this.definitions[name] = yield* type.customSchema.openApi(this.flavour, this.#common());
    this.addGroupVersionKind(name, type);
  }

  private isDescribed(name: string): boolean {
    return this.definitions[name]?.['x-kubernetes-group-version-kind'] !== undefined;
  }

  #common(): OfEveryObject {
    const texts = this.descriptions[plainKind] ?? typeTexts;
    const told = (field: string, type: FieldSchema): OpenApiSchema => this.property(type, texts[field], true);
    return {
      apiVersion: told('apiVersion', typeMeta['apiVersion']!),
      kind: told('kind', typeMeta['kind']!),
      metadata: told('metadata', { schema: metaSchema('ObjectMeta') }),
    };
  }

  /** Options and Status are of every group's version at once. */
  addGroupVersionKind(name: string, { group, version, kind }: GroupVersionKind): void {
    const definition = this.definitions[name]!;
    const known = (definition['x-kubernetes-group-version-kind'] ?? []) as readonly OpenApiSchema[];
    if (known.some((each) => each['group'] === group && each['version'] === version)) return;
    definition['x-kubernetes-group-version-kind'] = [...known, { group, kind, version }];
  }

  addMeta(type: string): OpenApiSchema {
    return this.schema(metaSchema(type));
  }

  addList(type: DescribedKind): OpenApiSchema {
    const name = `${definitionName(type)}List`;
    if (!this.definitions[name]) {
      const items = this.addKind(type);
      const { properties } = this.struct({ type: 'struct', fields: {} }, true) as { properties: OpenApiSchema };
      const texts = this.descriptions[name];
      const description = texts?.['items'] ?? `What the list has of ${type.kind}.`;
      this.definitions[name] = {
        description: texts?.[''] || `${type.kind}List is a list of ${type.kind}.`,
        type: 'object',
        required: ['items'],
        properties: { ...properties, items: { description, type: 'array', items }, metadata: this.addMeta('ListMeta') },
      };
      const { group, version } = type;
      this.addGroupVersionKind(name, { group, version, kind: listKindOf(type) });
    }
    return this.reference(name);
  }

  /** What stands where the schema is used: a reference for named types. */
  schema(schema: Schema, builtIn = true): OpenApiSchema {
    switch (schema.type) {
      case 'struct':
        return this.structUse(schema);
      case 'map':
        return withoutUndefined({
          type: 'object',
          additionalProperties: this.schema(schema.values, builtIn),
          'x-kubernetes-map-type': schema.atomic ? 'atomic' : undefined,
        });
      case 'list':
        return this.list(schema, builtIn);
      case 'any':
        return { 'x-kubernetes-preserve-unknown-fields': true };
      default:
        return this.scalar(schema, builtIn);
    }
  }

  private structUse(schema: StructSchema): OpenApiSchema {
    if (schema.wire === 'rawextension') return this.special(named.raw, { type: 'object' });
    if (schema.wire === 'fieldsv1') return this.special(named.fields, { type: 'object' });
    if (!schema.name) return this.struct(schema, false);
    if (!this.definitions[schema.name]) {
      this.definitions[schema.name] = {};
      this.definitions[schema.name] = this.struct(schema, false);
    }
    return this.reference(schema.name);
  }

  private special(name: string, definition: OpenApiSchema): OpenApiSchema {
    this.definitions[name] ??= definition;
    return this.reference(name);
  }

  private list(schema: ListSchema, builtIn: boolean): OpenApiSchema {
    return withoutUndefined({
      type: 'array',
      items: this.schema(schema.items, builtIn),
      'x-kubernetes-list-type': schema.listType,
      'x-kubernetes-list-map-keys': schema.keys && [...schema.keys],
    });
  }

  private scalar({ type, format, enum: values, nullable }: ScalarSchema, builtIn: boolean): OpenApiSchema {
    if (type === 'quantity') return this.special(named.quantity, this.either('number'));
    if (type === 'int-or-string') {
      if (!builtIn) return { 'x-kubernetes-int-or-string': true };
      return this.special(named.intOrString, { ...this.either('integer'), format: 'int-or-string' });
    }
    if (builtIn && format === 'date-time') return this.special(named.time, { type, format });
    if (builtIn && format === 'micro-time') return this.special(named.microTime, { type, format: 'date-time' });
    return withoutUndefined({ type, format, enum: values && [...values], nullable: nullable || undefined });
  }

  private either(other: 'number' | 'integer'): OpenApiSchema {
    return this.flavour === 'v2' ? { type: 'string' } : { oneOf: [{ type: 'string' }, { type: other }] };
  }

  private struct(schema: StructSchema, isKind: boolean): OpenApiSchema {
    const texts = schema.name ? this.descriptions[schema.name] : undefined;
    const properties: Record<string, OpenApiSchema> = {};
    const fields = isKind ? { ...typeMeta, ...schema.fields } : schema.fields;
    for (const key of Object.keys(fields).sort())
      properties[key] = this.property(fields[key]!, texts?.[key] ?? typeTexts[key], !!schema.name);
    const required = Object.entries(fields).flatMap(([key, field]) => (field.required ? key : []));
    return withoutUndefined({
      description: schema.description ?? texts?.[''],
      type: 'object',
      properties: Object.keys(properties).length ? properties : undefined,
      required: required.length ? required.sort() : undefined,
      'x-kubernetes-map-type': schema.atomic ? 'atomic' : undefined,
      'x-kubernetes-preserve-unknown-fields': schema.preserveUnknownFields || undefined,
    });
  }

  private property(field: FieldSchema, text: string | undefined, builtIn: boolean): OpenApiSchema {
    const beside = withoutUndefined({
      description: field.description ?? text,
      default: this.flavour === 'v3' ? field.default : undefined,
      'x-kubernetes-patch-strategy': field.patchStrategy?.join(','),
      'x-kubernetes-patch-merge-key': field.patchMergeKey,
    });
    const use = this.schema(field.schema, builtIn);
    if (this.flavour === 'v2' || !('$ref' in use)) return { ...use, ...beside };
    return Object.keys(beside).length ? { allOf: [use], ...beside } : use;
  }
}

const typeMeta: Readonly<Record<string, FieldSchema>> = {
  apiVersion: { schema: { type: 'string' } },
  kind: { schema: { type: 'string' } },
};
/** What is told of its names and its metadata is told of everybody's. */
const plainKind = 'io.k8s.api.core.v1.ConfigMap';
const typeTexts: Readonly<Record<string, string>> = {
  apiVersion: 'The group and version of this form of the object.',
  kind: 'What sort of object this is.',
};
