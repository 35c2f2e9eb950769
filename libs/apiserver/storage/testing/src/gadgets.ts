import { allVerbs, type ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import type { FieldSchema, KubeObject, StructSchema } from '@kubernest/meta';

export const v1 = 'example.test/v1';
export const v2 = 'example.test/v2';
export const v3 = 'example.test/v3';

/** How each version says how long a gadget is. */
const lengths: Readonly<Record<string, { readonly field: string; readonly schema: FieldSchema['schema'] }>> = {
  [v1]: { field: 'size', schema: { type: 'string' } },
  [v2]: { field: 'centimetres', schema: { type: 'integer', format: 'int64' } },
  [v3]: { field: 'millimetres', schema: { type: 'integer', format: 'int64' } },
};

export interface Gadget extends KubeObject {
  readonly spec?: Readonly<Record<string, string | number>>;
}

/** A gadget of so many centimetres, in a version. */
export function gadget(apiVersion: string, name: string, centimetres: number, labels?: Record<string, string>): Gadget {
  const metadata = { name, ...(labels && { labels }) };
  return { kind: 'Gadget', apiVersion, metadata, spec: specIn(apiVersion, centimetres) };
}

export function specIn(apiVersion: string, centimetres: number): Readonly<Record<string, string | number>> {
  if (apiVersion === v1) return { size: `${centimetres}cm` };
  return apiVersion === v2 ? { centimetres } : { millimetres: centimetres * 10 };
}

function centimetresOf({ spec }: Gadget): number {
  if (spec?.['size'] !== undefined) return Number.parseInt(String(spec['size']), 10);
  return Number(spec?.['centimetres'] ?? Number(spec?.['millimetres']) / 10);
}

/** Converts gadgets: at once between the first two versions; from and to the third when the test lets it. */
export class Converter {
  /** `2 to example.test/v2` */
  calls: string[] = [];
  /** Of each call: whether somebody still waits for it. */
  signals: (AbortSignal | undefined)[] = [];
  /** How many objects it was given without a name. */
  nameless = 0;
  /** The label `by` of all that is put into the third version from now on. */
  by: string | undefined;
  #failure: Error | undefined;
  #held: PromiseWithResolvers<void> | undefined;
  #calls = 0;
  #called = Promise.withResolvers<void>();

  /** Resolves with the next call. */
  get called(): Promise<void> {
    return this.#called.promise;
  }

  /** From now on the third version is waited for until `release`, in the next so many calls. */
  hold(calls = Number.POSITIVE_INFINITY): void {
    this.#held = Promise.withResolvers();
    this.#calls = calls;
  }

  release(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  failWith(message: string | undefined): void {
    this.#failure = message === undefined ? undefined : new Error(message);
  }

  readonly convert = (
    objects: readonly KubeObject[],
    to: string,
    signal?: AbortSignal,
  ): readonly KubeObject[] | Promise<KubeObject[]> => {
    this.calls.push(`${objects.length} to ${to}`);
    this.signals.push(signal);
    this.nameless += objects.filter(({ metadata }) => !metadata?.name).length;
    this.#called.resolve();
    this.#called = Promise.withResolvers();
    const { by } = this;
    const made = objects.map(({ metadata, ...object }: Gadget) => ({
      ...object,
      metadata: by && to === v3 ? { ...metadata, labels: { ...metadata.labels, by } } : metadata,
      apiVersion: to,
      spec: specIn(to, centimetresOf(object as Gadget)),
    }));
    const takesTime = to === v3 || objects.some(({ apiVersion }) => apiVersion === v3);
    if (takesTime) return this.#later(made);
    if (this.#failure) throw this.#failure;
    return made;
  };

  async #later(made: KubeObject[]): Promise<KubeObject[]> {
    if (this.#calls-- > 0) await this.#held?.promise;
    if (this.#failure) throw this.#failure;
    return made;
  }
}

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const textual: FieldSchema = { schema: { type: 'string' } };
const struct = (fields: StructSchema['fields']): FieldSchema => ({ schema: { type: 'struct', fields } });

function definitionOf(apiVersion: string, storage: ResourceDefinition['storage']): ResourceDefinition {
  const { field, schema } = lengths[apiVersion]!;
  const read = ({ apiVersion: version, spec }: Gadget): string => {
    if (version !== apiVersion) throw new Error(`a gadget of ${version} was read as one of ${apiVersion}`);
    return String(spec?.[field] ?? '');
  };
  return {
    group: 'example.test',
    version: apiVersion.split('/')[1]!,
    kind: 'Gadget',
    plural: 'gadgets',
    singular: 'gadget',
    namespaced: true,
    verbs: allVerbs,
    schema: {
      type: 'struct',
      fields: {
        apiVersion: textual,
        kind: textual,
        metadata: configMap.schema.fields['metadata']!,
        spec: struct({ [field]: { schema } }),
        status: struct({ phase: textual }),
      },
    },
    statusSubresource: true,
    allowUnconditionalUpdate: true,
    storage,
    selectableFields: { [`spec.${field}`]: read },
    columns: [
      { name: 'Name', type: 'string', cell: ({ metadata }) => metadata.name ?? '' },
      { name: field, type: 'string', cell: read },
    ],
    example: gadget(apiVersion, 'a', 3),
  };
}

export const gadgetsIn = (storageVersion: string, { convert }: Pick<Converter, 'convert'>): ResourceDefinition[] => {
  const storage = { group: 'example.test', plural: 'gadgets', apiVersion: storageVersion, convert };
  return [v1, v2, v3].map((apiVersion) => definitionOf(apiVersion, storage));
};

export const pathIn = (apiVersion: string): string => `/apis/${apiVersion}/namespaces/one/gadgets`;
export const tables = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
export const partial = (kind = 'PartialObjectMetadata') => ({
  accept: `application/json;as=${kind};v=v1;g=meta.k8s.io`,
});
