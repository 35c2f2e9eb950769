import type { Json } from '@kubernest/meta';

/** What the declarations do not say of one field. */
export interface FieldFacts {
  /** Protobuf field number, and the number of the embedded message it is written into, if any. */
  readonly number: number;
  readonly within?: number;
  /** What Go calls its type, where that is a text or a map with a name of its own. */
  readonly typeName?: string;
  readonly alwaysPresent: boolean;
  readonly keepsZero: boolean;
  readonly format?: string;
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly keys?: readonly string[];
  readonly patchStrategy?: readonly ('merge' | 'replace' | 'retainKeys')[];
  readonly patchMergeKey?: string;
  readonly enum?: readonly string[];
  readonly default?: Json;
}

/** The lines of one table, unread: a type is parsed when its schema is first asked for. */
export interface FactTable {
  readonly prefix: string;
  readonly lines: string;
}

export interface TypeFacts {
  readonly atomic: boolean;
  /** The Go type that it embeds: the fields with a `within` are that one's. */
  readonly embeds?: string;
  readonly fields: ReadonlyMap<string, FieldFacts>;
}

/**
 * A table of wire facts. A line is a type, `>Other` behind it when it embeds another, `@atomic` when it is merged as one value, and its
 * fields; a line that begins with a space goes on. A field is `name=number` (`outer/number` when protobuf puts it into an embedded message), then in this order:
 * `'name` of its Go type; `+` written even when empty; `^` zero differs from absent (a Go pointer); `:format`; `@set`, `@map(keys)`, `@atomic`;
 * `~strategy(mergeKey)`; `{enum|values}`, `␣` for the space in one; `!default` as JSON.
 */
export function facts(prefix: string, lines: string): FactTable {
  return { prefix, lines };
}

const fieldForm =
  /^([\w$-]+)=(?:(\d+)\/)?(\d+)(?:'([\w.]+))?(\+)?(\^)?(?::([\w-]+))?(?:@(atomic|set|map)(?:\(([^)]*)\))?)?(?:~([\w,]+)(?:\((\w+)\))?)?(?:\{([^}]*)\})?(?:!(.+))?$/;

function parseField(text: string): [string, FieldFacts] {
  const found = fieldForm.exec(text);
  if (!found) throw new Error(`not a fact of a field: ${text}`);
  const [, name, within, number, typeName, always, zero, format, list, keys, strategy, mergeKey, values, initial] =
    found;
  return [
    name!,
    {
      number: Number(number),
      within: within === undefined ? undefined : Number(within),
      typeName,
      alwaysPresent: always !== undefined,
      keepsZero: zero !== undefined,
      format,
      listType: list as FieldFacts['listType'],
      keys: keys?.split(','),
      patchStrategy: strategy?.split(',') as FieldFacts['patchStrategy'],
      patchMergeKey: mergeKey,
      enum: values?.replaceAll('␣', ' ').split('|'),
      default: initial === undefined ? undefined : (JSON.parse(initial) as Json),
    },
  ];
}

/** Finds the types of tables. A package's tables are taken apart when one of its types is first asked for, and a line is read then. */
export class FactIndex {
  readonly #tables: ReadonlyMap<string, readonly FactTable[]>;
  readonly #lines = new Map<string, ReadonlyMap<string, string>>();

  constructor(tables: readonly FactTable[]) {
    this.#tables = Map.groupBy(tables, ({ prefix }) => prefix);
  }

  names(): readonly string[] {
    return [...this.#tables.keys()].flatMap((prefix) =>
      [...this.#linesOf(prefix).keys()].map((type) => `${prefix}.${type}`),
    );
  }

  has(name: string): boolean {
    return this.#lineOf(name) !== undefined;
  }

  get(name: string): TypeFacts {
    const line = this.#lineOf(name);
    if (line === undefined) throw new Error(`${name} is in no fact table`);
    const [head, ...fields] = line.split(/\s+/);
    const embeds = />(\w+)/.exec(head!)?.[1];
    return {
      atomic: head!.endsWith('@atomic'),
      ...(embeds && { embeds }),
      fields: new Map(fields.filter(Boolean).map(parseField)),
    };
  }

  #lineOf(name: string): string | undefined {
    const end = name.lastIndexOf('.');
    return this.#linesOf(name.slice(0, end)).get(name.slice(end + 1));
  }

  #linesOf(prefix: string): ReadonlyMap<string, string> {
    const known = this.#lines.get(prefix);
    if (known) return known;
    const lines = new Map<string, string>();
    for (const table of this.#tables.get(prefix) ?? [])
      for (const line of table.lines.trim().split(/\n(?! )/)) {
        const type = /^\w+/.exec(line)![0];
        if (lines.has(type)) throw new Error(`${prefix}.${type} is in two fact tables`);
        lines.set(type, line);
      }
    this.#lines.set(prefix, lines);
    return lines;
  }
}
