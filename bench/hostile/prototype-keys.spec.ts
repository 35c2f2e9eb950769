import { widened, widePaths } from '@kubernest/definitions/testing';
import { builtinKinds } from '@kubernest/kinds';
import { applyDefaults, clone, decodeBySchema, type Json, type KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';

const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

/** The object with these keys in place of those of every map that was widened. */
function withKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(withKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] =>
    key === 'k0' ? keys.map((name) => [name, withKeys(item)]) : [[key, withKeys(item)]],
  );
  return Object.fromEntries(entries);
}

it.each(builtinKinds.filter((kind) => kind.example))(
  '$kind: a map whose keys every object inherits is a map like any other to defaults, rules, warnings and columns',
  (definition) => {
    for (const path of widePaths(definition)) {
      const sent = withKeys(widened(definition, definition.example as unknown as Json, path, 1));
      const old = clone(definition.example) as unknown as KubeObject;
      const context = { subresource: '', now: new Date(0), old: undefined };
      const { kind, version, schema } = definition;
      let object: KubeObject;
      try {
        object = decodeBySchema(schema, clone(sent), { kind, version }).value as unknown as KubeObject;
      } catch {
        continue; // Refused for another reason: a value that this field cannot have.
      }
      const where = path.join('.');
      const run = (): void => {
        definition.prepareForCreate?.(object as never);
        applyDefaults(schema, object as unknown as Json);
        definition.defaults?.(object as never);
        definition.validate?.(object, context);
        definition.validateUpdate?.(object, old, { ...context, old });
        definition.warnings?.(object, context);
        for (const column of definition.columns ?? []) column.cell(object, new Date(0));
        for (const read of Object.values(definition.selectableFields ?? {})) read(object);
      };
      expect(run, where).not.toThrow();
      for (const name of keys) expect(Object.keys({} as object), where).not.toContain(name);
    }
  },
);
