import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ResourceDefinition } from '@kubernest/definitions';
import { schemaFaults } from '@kubernest/definitions/testing';
import { decodeBySchema, type FieldSchema, type KubeObject, type Schema, StatusError } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { builtinKinds } from './builtin.ts';

const now = new Date('2026-11-24T12:00:00Z');
const aFault = { type: expect.stringMatching(/^FieldValue/), field: expect.any(String) };
const idOf = ({ group, version, kind }: ResourceDefinition) => `${group || 'core'}/${version} ${kind}`;

/** compat: Go writes this one in any case, and nobody asks what is in it. */
const mayBeMissing = new Set(['Event involvedObject', 'CustomResourceDefinition spec.versions.0.served']);

/** compat: beside its metadata Kubernetes looks at nothing. */
const withoutRules: ReadonlySet<string> = new Set(['ServiceAccount']);

it('lists exactly the kinds that have a folder', () => {
  const found = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.resource.ts'))
    .map((path) => {
      const folder = basename(join(path, '..'));
      expect(basename(path)).toBe(`${folder}.resource.ts`);
      return folder.replaceAll('-', '');
    });
  expect(found.sort()).toEqual(builtinKinds.map((definition) => definition.kind.toLowerCase()).sort());
});

it('gives no name twice within a group', () => {
  const names = builtinKinds.flatMap((d) =>
    [...new Set([d.plural, d.singular, ...(d.shortNames ?? [])])].map((name) => `${d.group}/${d.version}/${name}`),
  );
  expect(new Set(names).size).toBe(names.length);
});

describe.each(builtinKinds.map((definition) => [idOf(definition), definition] as const))('%s', (_, definition) => {
  const example = definition.example as KubeObject;

  it('has an example of its own kind that its schema accepts', () => {
    const apiVersion = definition.group ? `${definition.group}/${definition.version}` : definition.version;
    expect(example).toMatchObject({ apiVersion, kind: definition.kind });
    expect(schemaFaults(definition.schema, example as never)).toEqual([]);
    expect('namespace' in example.metadata).toBe(definition.namespaced);
  });

  it('has a schema that refuses a field it does not know', () => {
    expect(schemaFaults(definition.schema, { ...example, bogus: 1 } as never)).toEqual(['bogus: unknown field']);
  });

  it('renders every column of its example and of an object with nothing in it', () => {
    const empty = { metadata: {} } as KubeObject;
    for (const object of [example, empty])
      for (const column of definition.columns ?? []) {
        const cell = column.cell(object, now);
        expect(['string', 'number', 'boolean'], `${column.name} of ${JSON.stringify(object)}`).toContain(typeof cell);
        expect(String(cell)).not.toMatch(/undefined|NaN|\[object/);
      }
  });

  it('answers every selectable field with text', () => {
    for (const object of [example, { metadata: {} } as KubeObject])
      for (const value of Object.values(definition.selectableFields ?? {})) expect(typeof value(object)).toBe('string');
  });

  it('prepares and defaults a draft the same way a second time', () => {
    const once = structuredClone(example) as KubeObject;
    definition.prepareForCreate?.(once);
    definition.defaults?.(once);
    const twice = structuredClone(once);
    definition.prepareForCreate?.(twice);
    definition.defaults?.(twice);
    expect(twice).toEqual(once);
    expect(schemaFaults(definition.schema, once as never)).toEqual([]);
  });

  it('finds no fault in its own example', () => {
    const draft = structuredClone(example) as KubeObject;
    definition.defaults?.(draft);
    expect(definition.validate?.(draft, { subresource: '', now }) ?? []).toEqual([]);
  });

  it('has rules, unless what answers it has them or Kubernetes has none', () => {
    expect(definition.validate !== undefined).toBe(!definition.virtual && !withoutRules.has(definition.kind));
  });

  // A required field is missing, or a value is none of those there are.
  it.each(definition.validate ? [...brokenOnes(definition, example)] : [])(
    'finds a fault in its example, broken at $path',
    ({ path, object }) => {
      definition.prepareForCreate?.(object);
      definition.defaults?.(object);
      const faults = definition.validate!(object, { subresource: '', now });
      // At the field, at what holds it where the whole is wrong, or at what it had to hold.
      const sent = path.replaceAll(/\.(\d+)/g, '[$1]');
      const place = toldElsewhere(definition.kind, sent);
      const told = faults
        .map(({ field }) => field)
        .filter((field) => field !== '' && (place.startsWith(field) || field.startsWith(place)));
      expect(told, faults.map(({ field }) => field).join(', ')).not.toEqual([]);
    },
  );

  it('throws nothing, names the field of each fault and shows what has none, whichever field is missing or empty', () => {
    const context = { subresource: '', now };
    for (const { path, object } of lacking(example)) {
      if (!isReadable(definition, object)) continue;
      const old = structuredClone(example) as KubeObject;
      const judge = () => {
        definition.defaults?.(old);
        for (const prepare of [
          definition.prepareForCreate,
          (draft: KubeObject) => definition.prepareForUpdate?.(draft, old),
        ]) {
          const draft = structuredClone(object);
          prepare?.(draft);
          definition.defaults?.(draft);
          const faults = [
            ...(definition.validate?.(draft, context) ?? []),
            ...(definition.validateUpdate?.(draft, old, context) ?? []),
          ];
          for (const fault of faults) expect(fault, path).toMatchObject(aFault);
          const cells = (definition.columns ?? []).map(({ name, cell }) => `${name}: ${String(cell(draft, now))}`);
          // What is refused is never shown.
          if (faults.length === 0) expect(cells.join(), path).not.toMatch(/undefined|NaN|\[object/);
          for (const [field, read] of Object.entries(definition.selectableFields ?? {}))
            expect(typeof read(draft), `${path}, ${field}`).toBe('string');
        }
      };
      expect(judge, path).not.toThrow();
    }
  });
});

it('breaks examples, so that the test above has something to find', () => {
  const broken = builtinKinds.flatMap((definition) =>
    [...brokenOnes(definition, definition.example as KubeObject)].map(({ path }) => `${definition.kind} ${path}`),
  );
  expect(broken).toEqual(
    expect.arrayContaining(['Pod spec.containers', 'Service spec.ports.0.protocol', 'Role rules.0.verbs']),
  );
  expect(broken.length).toBeGreaterThan(30);
});

/** compat: where Kubernetes tells of a field by its place in its own form. */
function toldElsewhere(kind: string, place: string): string {
  if (kind !== 'CustomResourceDefinition') return place;
  return place
    .replace('spec.versions[0].schema', 'spec.validation')
    .replace('spec.versions[0].additional', 'spec.additional')
    .replace('jsonPath', 'JSONPath');
}

/** Copies of an example that each lack a required field, or have a word where only certain words may stand. */
function* brokenOnes({ kind, schema }: ResourceDefinition, example: KubeObject): Generator<Broken> {
  for (const { path, field } of fieldsIn(schema, example, [])) {
    if (['apiVersion', 'kind', 'metadata', 'status'].includes(path[0]!)) continue;
    if (mayBeMissing.has(`${kind} ${path.join('.')}`)) continue;
    if (field.required) yield { path: path.join('.'), object: changed(example, path, undefined) };
    if ('enum' in field.schema && field.schema.enum)
      yield { path: path.join('.'), object: changed(example, path, 'Bogus') };
  }
}

interface Broken {
  readonly path: string;
  readonly object: KubeObject;
}

type Located = { readonly path: readonly string[]; readonly field: FieldSchema };

function fieldsIn(schema: Schema, value: unknown, path: readonly string[]): readonly Located[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]): readonly Located[] => {
    const here = [...path, key];
    if (schema.type === 'list') return fieldsIn(schema.items, item, here);
    if (schema.type === 'map') return fieldsIn(schema.values, item, here);
    const field = schema.type === 'struct' ? schema.fields[key] : undefined;
    return field ? [{ path: here, field }, ...fieldsIn(field.schema, item, here)] : [];
  });
}

function changed(example: KubeObject, path: readonly string[], value: unknown): KubeObject {
  const object = structuredClone(example);
  const owner = path.slice(0, -1).reduce((at, key) => at[key] as Loose, object as unknown as Loose);
  if (value === undefined) delete owner[path.at(-1)!];
  else owner[path.at(-1)!] = value;
  return object;
}

/** What cannot be read (a quantity that is none) is refused before anybody judges it. */
function isReadable({ schema, kind, version }: ResourceDefinition, object: KubeObject): boolean {
  try {
    decodeBySchema(schema, structuredClone(object) as never, { kind, version });
    return true;
  } catch (error) {
    if (error instanceof StatusError) return false;
    throw error;
  }
}

/** Copies of an object that each lack one field, or have it empty. */
function* lacking(whole: KubeObject): Generator<{ readonly path: string; readonly object: KubeObject }> {
  const places = (value: unknown, path: readonly string[]): (readonly string[])[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, item]) => [[...path, key], ...places(item, [...path, key])])
      : [];
  for (const path of places(whole, []).filter(([first]) => first !== 'metadata')) {
    for (const empty of [true, false]) {
      const object = structuredClone(whole);
      const last = path.at(-1)!;
      const owner = path.slice(0, -1).reduce((at, key) => at[key] as Loose, object as unknown as Loose);
      if (!empty && Array.isArray(owner)) owner.splice(Number(last), 1);
      else if (!empty) delete owner[last];
      else owner[last] = emptyLike(owner[last]);
      yield { path: `${path.join('.')} ${empty ? 'empty' : 'missing'}`, object };
    }
  }
}

type Loose = { [key: string]: unknown };

function emptyLike(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value === 'object') return {};
  return typeof value === 'number' ? 0 : typeof value === 'boolean' ? false : '';
}
