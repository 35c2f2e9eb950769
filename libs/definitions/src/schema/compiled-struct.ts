import type { FieldSchema, StructSchema } from '@kubernest/meta';

/** What a compiled type says of itself, once somebody looks. */
export type StructFacts = Pick<StructSchema, 'fields' | 'atomic'>;

/** A compiled type that is read when its fields are first looked at: of most kinds a server never sees an object. */
export class CompiledStruct implements StructSchema {
  readonly type = 'struct';
  #facts: StructFacts | undefined;

  constructor(
    readonly name: string,
    private readonly read: (struct: CompiledStruct) => StructFacts,
  ) {}

  get fields(): Readonly<Record<string, FieldSchema>> {
    return this.#known().fields;
  }

  get atomic(): boolean {
    return this.#known().atomic === true;
  }

  #known(): StructFacts {
    this.#facts ??= this.read(this);
    return this.#facts;
  }
}
