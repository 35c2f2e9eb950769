import { ownValue } from '@kubernest/meta';
import { type JsonSchemaProps, othersOf } from '@kubernest/structural';

export interface FieldPath {
  /** In one form, however it was written. */
  readonly text: string;
  /** The first field of it. */
  readonly root: string;
  /** What the schema says of the value there; undefined where it says nothing. */
  readonly schema: JsonSchemaProps | undefined;
}

/** Why the text leads to no field, in Kubernetes' words, or where it leads. */
export type ReadPath =
  | { readonly found: FieldPath; readonly fault?: undefined }
  | { readonly found?: undefined; readonly fault: string };

class PathFault extends Error {}

/** Follows `.spec.name`, and `.spec['a.b']` where `brackets` may stand, through fields and maps; there is no way into a list. */
export function readFieldPath(text: string, schema: JsonSchemaProps, { brackets }: { brackets: boolean }): ReadPath {
  try {
    return { found: follow(new Tokens(text), schema, brackets) };
  } catch (error) {
    if (error instanceof PathFault) return { fault: error.message };
    throw error;
  }
}

function follow(tokens: Tokens, root: JsonSchemaProps, brackets: boolean): FieldPath {
  const steps: string[] = [];
  let schema: JsonSchemaProps | undefined = root;
  for (let token = tokens.next(); token !== undefined; token = tokens.next()) {
    const isBracket = token === '[';
    if (isBracket && !brackets) throw new PathFault('array notation is not allowed');
    if (!isBracket && token !== '.') throw new PathFault(`expected [ or . but got: ${token}`);
    const name = isBracket ? unquoted(tokens.required()) : tokens.required();
    const isField: boolean = Object.keys(schema?.properties ?? {}).length > 0;
    schema = within(schema, name, isField);
    const closing = isBracket ? tokens.required() : ']';
    if (closing !== ']') throw new PathFault(`expected ] but got ${closing}`);
    steps.push(isField ? `.${name}` : `[${name}]`);
  }
  const [first = ''] = steps;
  return { text: steps.join('').replace(/^\./, ''), root: first.startsWith('.') ? first.slice(1) : first, schema };
}

function within(schema: JsonSchemaProps | undefined, name: string, isField: boolean): JsonSchemaProps | undefined {
  const property = ownValue(schema?.properties, name);
  const others = schema?.additionalProperties;
  if (isField ? property === undefined : others === undefined || others === null)
    throw new PathFault('does not refer to a valid field');
  return isField ? property : othersOf(schema!);
}

/** Dots, brackets, texts in single quotes, and what stands between them. */
class Tokens {
  #at = 0;

  constructor(private readonly text: string) {}

  next(): string | undefined {
    const { text } = this;
    const from = this.#at;
    if (from >= text.length) return undefined;
    if (text[from] === "'") this.#at = this.#endOfQuoted(from);
    else if (delimiter.test(text[from]!)) this.#at = from + 1;
    else {
      const length = text.slice(from).search(delimiter);
      this.#at = length < 0 ? text.length : from + length;
    }
    return text.slice(from, this.#at);
  }

  required(): string {
    const token = this.next();
    if (token === undefined) throw new PathFault('unexpected end of JSON path');
    return token;
  }

  #endOfQuoted(from: number): number {
    for (let i = from + 1; i < this.text.length; i++)
      if (this.text[i] === "'" && this.text[i - 1] !== '\\') return i + 1;
    return this.text.length;
  }
}

const delimiter = /[.[\]]/;

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
};

function unquoted(token: string): string {
  if (token.length < 2 || !token.startsWith("'") || !token.endsWith("'"))
    throw new PathFault(`expected single quoted string but got ${token}`);
  return token.slice(1, -1).replace(/\\./g, (escaped) => {
    const letter = escapes[escaped[1]!];
    if (letter === undefined) throw new PathFault(`invalid string literal: invalid escape char ${escaped}`);
    return letter;
  });
}
