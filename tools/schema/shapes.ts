import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DeclaredType, declaredTypes } from './declarations.ts';
import { roots as served } from './roots.ts';

/** Field name (with `!` behind it when required) to type: a word, an OpenAPI name, or either behind `[]` and `{}`. */
export type Shape = Record<string, string>;
export type Shapes = Record<string, Shape>;
/** The type's own text under the empty name, its fields' under theirs. */
export type Descriptions = Record<string, Record<string, string>>;

/** Younger than the older declarations, and not of the group that refers to them. */
const homes: Readonly<Record<string, string>> = { FieldSelectorRequirement: 'meta/v1' };

/** Of a field of these the younger declarations have the type's text in place of the field's own. */
const aliases = new Set(['int-or-string', 'micro-time']);

const words = new Set(['string', 'number', 'boolean', 'date', 'micro-time', 'int-or-string', 'any']);

/** Groups that are declared elsewhere than the others. */
const prefixes: Readonly<Record<string, string>> = {
  meta: 'io.k8s.apimachinery.pkg.apis',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis',
};

/** What no declaration can name as the wire does. */
const wireNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  JSONSchemaProps: { ref: '$ref', schema: '$schema' },
};

const wireName = (type: string, field: string): string =>
  wireNames[type]?.[field] ?? (field.startsWith('x_kubernetes_') ? field.replaceAll('_', '-') : field);

/** `core/v1` and `Pod` to `io.k8s.api.core.v1.Pod`. */
export function openApiName(groupVersion: string, type: string): string {
  const [group, version] = groupVersion.split('/');
  const prefix = prefixes[group!] ?? 'io.k8s.api';
  return `${prefix}.${group}.${version}.${type}`;
}

/** Follows the declarations from the roots, and says of each type in which group it lives. */
export class ShapeCompiler {
  readonly shapes: Shapes = {};
  readonly descriptions: Descriptions = {};
  private readonly groups: ReadonlyMap<string, ReadonlyMap<string, DeclaredType>>;
  private readonly models: string;

  constructor(
    paths: { models: string; types: string },
    private readonly roots: Readonly<Record<string, readonly string[]>> = served,
  ) {
    this.models = paths.models;
    this.groups = new Map(Object.keys(roots).map((gv) => [gv, declaredTypes(join(paths.types, `${gv}.d.ts`))]));
  }

  compile(): this {
    for (const [gv, types] of Object.entries(this.roots))
      for (const type of types) {
        this.add(gv, this.className(gv, type));
        this.describeList(gv, `${type}List`);
      }
    return this;
  }

  /** A list has the shape of any other, and texts of its own. */
  private describeList(gv: string, type: string): void {
    const className = this.className(gv, type);
    const declared = declaredTypes(join(this.models, `${className}.d.ts`)).get(className);
    const items = declared?.fields.find(({ name }) => name === 'items')?.description;
    if (declared && items) this.descriptions[openApiName(gv, type)] = { '': declared.description ?? '', items };
  }

  private className(gv: string, type: string): string {
    const [group, version] = gv.split('/') as [string, string];
    const qualified = `${group[0]!.toUpperCase()}${group.slice(1)}V${version.slice(1)}${type}`;
    return existsSync(join(this.models, `${qualified}.d.ts`)) ? qualified : `V${version.slice(1)}${type}`;
  }

  private add(gv: string, className: string): string {
    const type = className.replace(/^[A-Za-z]*?V1(?=[A-Z])/, '');
    const name = openApiName(gv, type);
    if (this.shapes[name]) return name;
    const declared = declaredTypes(join(this.models, `${className}.d.ts`)).get(className);
    if (!declared) throw new Error(`${className} is not declared by @kubernetes/client-node`);
    const shape: Shape = {};
    this.shapes[name] = shape;
    const older = this.groups.get(gv)?.get(type);
    const texts: Record<string, string> = {};
    const own = older?.description ?? declared.description;
    if (own) texts[''] = own;
    for (const declaredField of declared.fields) {
      const field = { ...declaredField, name: wireName(type, declaredField.name) };
      shape[field.optional ? field.name : `${field.name}!`] = this.reference(gv, field.type);
      const told = older?.fields.find((f) => f.name === field.name)?.description;
      const text = aliases.has(field.type) ? told : (field.description ?? told);
      if (text) texts[field.name] = text;
    }
    this.descriptions[name] = texts;
    return name;
  }

  private reference(gv: string, text: string): string {
    const [, prefix, word] = /^((?:\[\]|\{\})*)(.*)$/.exec(text) as unknown as [string, string, string];
    return prefix + (words.has(word) ? word : this.add(this.groupOf(gv, word), word));
  }

  /** A class name says its group only where two groups clash; else the older declarations know, or it is the referrer's own. */
  private groupOf(referrer: string, className: string): string {
    const qualified = /^([A-Z][a-z]+)V1(?=[A-Z])/.exec(className);
    if (qualified) return `${qualified[1]!.toLowerCase()}/v1`;
    const type = className.replace(/^V1/, '');
    if (homes[type]) return homes[type];
    for (const gv of [referrer, 'meta/v1', 'core/v1', ...this.groups.keys()])
      if (this.groups.get(gv)?.has(type)) return gv;
    return referrer;
  }
}
