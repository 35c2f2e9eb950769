import { allVerbs, type CustomDecoding, type CustomSchema, type ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { fieldInvalid, fieldRequired, isObject, type JsonObject, type StructSchema } from '@kubernest/meta';

export const lamps = '/apis/example.test/v1/namespaces/default/lamps';

/** What a lamp is declared to be: plain data. */
export interface LampSource {
  /** The fields of `spec` that are texts. */
  readonly texts: readonly string[];
  readonly required: readonly string[];
  readonly defaults: Readonly<Record<string, string>>;
}

export const lampSource: LampSource = { texts: ['colour', 'size'], required: ['colour'], defaults: { size: 'small' } };

const specOf = (object: object): JsonObject => {
  const { spec } = object as { spec?: JsonObject };
  return isObject(spec) ? spec : {};
};

function declare(data: LampSource, id: string): CustomSchema {
  return {
    *decode(object: JsonObject, { refuse, collectUnknown }: CustomDecoding) {
      if (object['metadata'] !== undefined && !isObject(object['metadata'])) throw refuse('metadata must be an object');
      const unknown: string[] = [];
      for (const field of Object.keys(specOf(object)).filter((name) => !data.texts.includes(name))) {
        delete specOf(object)[field];
        unknown.push(`unknown field "spec.${field}"`);
      }
      yield;
      return collectUnknown ? unknown : [];
    },
    *fillDefaults(draft: JsonObject) {
      for (const [field, value] of Object.entries(data.defaults)) specOf(draft)[field] ??= value;
      yield;
    },
    *faults(object, { old }) {
      yield;
      const [spec, before] = [specOf(object), specOf(old ?? {})];
      const wrong = data.texts.filter(
        (name) => name in spec && typeof spec[name] !== 'string' && spec[name] !== before[name],
      );
      const missing = data.required.filter((name) => !(name in spec));
      return [
        ...missing.map((name) => fieldRequired(`spec.${name}`)),
        ...wrong.map((name) => fieldInvalid(`spec.${name}`, spec[name], 'must be of type string')),
      ];
    },
    *openApi() {
      yield;
      return { type: 'object' };
    },
    source: { id, data },
  };
}

const text = { schema: { type: 'string' }, keepsZero: true } as const;

/** A kind as somebody declares one: on this thread, and from the same source on another. */
export function lampsOf(data: LampSource, id = JSON.stringify(data)): readonly ResourceDefinition[] {
  const spec: StructSchema = { type: 'struct', fields: Object.fromEntries(data.texts.map((name) => [name, text])) };
  const base = {
    group: 'example.test',
    version: 'v1',
    kind: 'Lamp',
    plural: 'lamps',
    singular: 'lamp',
    namespaced: true,
  };
  return [
    {
      ...base,
      verbs: allVerbs,
      schema: { type: 'struct', fields: { ...builtinKinds[0]!.schema.fields, spec: { schema: spec } } },
      customSchema: declare(data, id),
      example: { metadata: { name: 'l' } },
    },
  ];
}
