import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { builtinKinds } from './builtin.ts';
import type { ResourceDefinition } from './definition.ts';
import { schemaFaults } from './schema/conformance.ts';

const now = new Date('2026-11-24T12:00:00Z');
const idOf = ({ group, version, kind }: ResourceDefinition) => `${group || 'core'}/${version} ${kind}`;

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
});
