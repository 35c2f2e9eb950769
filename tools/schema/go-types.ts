/** A field of a Go struct with what its tags and markers say. */
export interface GoField {
  readonly json: string;
  readonly type: string;
  /** No `omitempty`, or a struct that Go never leaves out. */
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  readonly inline: boolean;
  readonly number?: number;
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly markers: ReadonlyMap<string, readonly string[]>;
}

export interface GoStruct {
  readonly name: string;
  readonly fields: readonly GoField[];
  readonly markers: ReadonlyMap<string, readonly string[]>;
}

/** What one `types.go` declares: structs, other named types with their underlying type, string constants. */
export interface GoPackage {
  readonly structs: ReadonlyMap<string, GoStruct>;
  readonly named: ReadonlyMap<string, string>;
  /** Named string types marked as enums, with their values. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly constants: ReadonlyMap<string, string>;
  /** What other packages are called here, and where they are: `apiv1` to `k8s.io/api/core/v1`. */
  readonly imports: ReadonlyMap<string, string>;
}

function markersOf(comments: readonly string[]): Map<string, string[]> {
  const markers = new Map<string, string[]>();
  for (const comment of comments) {
    const found = /^\+([A-Za-z0-9:]+)(?:=(.*))?$/.exec(comment);
    if (found) markers.set(found[1]!, [...(markers.get(found[1]!) ?? []), (found[2] ?? '').trim()]);
  }
  return markers;
}

function tag(tags: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}:"([^"]*)"`).exec(tags)?.[1];
}

function fieldOf(line: string, comments: readonly string[]): GoField | undefined {
  const found = /^(?:(\w+)\s+)?([\w.*[\]]+)\s+`(.*)`/.exec(line);
  if (!found) return undefined;
  const tags = found[3]!;
  const [json, ...options] = (tag(tags, 'json') ?? '').split(',');
  const number = tag(tags, 'protobuf')?.split(',')[1];
  return {
    json: json!,
    type: found[2]!,
    omitEmpty: options.includes('omitempty'),
    omitZero: options.includes('omitzero'),
    inline: found[1] === undefined,
    number: number ? Number(number) : undefined,
    patchStrategy: tag(tags, 'patchStrategy'),
    patchMergeKey: tag(tags, 'patchMergeKey'),
    markers: markersOf(comments),
  };
}

/** Reads the regular form that Kubernetes' `types.go` files are written in; not a Go parser. */
export function parseGoTypes(source: string): GoPackage {
  const structs = new Map<string, GoStruct>();
  const named = new Map<string, string>();
  const constants = new Map<string, string>();
  const enumTypes = new Set<string>();
  const typed: { type: string; value: string }[] = [];
  let comments: string[] = [];
  let open: { name: string; fields: GoField[]; markers: GoStruct['markers'] } | undefined;
  for (const raw of source.split('\n')) {
    const line = raw.trim();
    if (line.startsWith('//')) {
      comments.push(line.slice(2).trim());
      continue;
    }
    const struct = /^type (\w+) struct \{(\})?/.exec(line);
    const alias = /^(?:type )?(\w+) (?:= )?(string|u?int\d*|map\[[\w.]+\][\w.[\]]+|\[\][\w.]+)$/.exec(line);
    const constant = /^(?:const )?(\w+)(?:\s+([\w.]+))?\s*=\s*"([^"]*)"/.exec(line);
    if (struct) {
      open = { name: struct[1]!, fields: [], markers: markersOf(comments) };
      structs.set(open.name, open);
      if (struct[2]) open = undefined;
    } else if (open && line === '}') open = undefined;
    else if (open) {
      const field = fieldOf(line, comments);
      if (field) open.fields.push(field);
    } else if (line.startsWith('type ') && alias) {
      named.set(alias[1]!, alias[2]!);
      if (markersOf(comments).has('enum')) enumTypes.add(alias[1]!);
    } else if (constant) {
      constants.set(constant[1]!, constant[3]!);
      if (constant[2]) typed.push({ type: constant[2], value: constant[3]! });
    }
    // A blank line ends a comment, except the one Go's own style puts between a marker and its type.
    if (line !== '') comments = [];
  }
  const enums = new Map(
    [...enumTypes].map((type) => [type, [...new Set(typed.filter((c) => c.type === type).map((c) => c.value))].sort()]),
  );
  const imports = source.split('\n').flatMap((line) => {
    const found = /^(?:import )?(?:(\w+) )?"([\w./-]+)"$/.exec(line.trim());
    return found ? [[found[1] ?? found[2]!.slice(found[2]!.lastIndexOf('/') + 1), found[2]!] as const] : [];
  });
  return { structs, named, enums, constants, imports: new Map(imports) };
}

/** The same with the named types of another package, as this one calls them. */
export function knowing(pkg: GoPackage, other: GoPackage, path: string): GoPackage {
  const alias = [...pkg.imports].find(([, imported]) => imported === path)?.[0];
  if (alias === undefined) return pkg;
  const called = <T>(map: ReadonlyMap<string, T>) =>
    [...map].map(([name, value]) => [`${alias}.${name}`, value] as const);
  return {
    ...pkg,
    named: new Map([...called(other.named), ...pkg.named]),
    enums: new Map([...called(other.enums), ...pkg.enums]),
  };
}
