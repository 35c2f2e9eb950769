import type { Json } from './object.ts';
import { setKey } from './value.ts';

/** Why a text is not JSON, worded as clients of Kubernetes know it (Go's words). */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

export interface StrictJson {
  readonly value: Json;
  /** Paths of keys that occur more than once in one object (`spec.containers[0].name`), each once, in the order met. */
  readonly duplicates: readonly string[];
}

/**
 * A slower parser than JSON.parse that sees what that one hides: keys given twice. The last one wins, as with JSON.parse.
 * Throws JsonSyntaxError. Numbers are read like JSON.parse reads them.
 */
export function parseStrictJson(text: string): StrictJson {
  const parser = new Parser(text);
  return { value: parser.document(), duplicates: [...parser.duplicates.keys()] };
}

/** The order in which a reader of the text comes upon such faults: `unknown field "spec.bogus"`, `duplicate field "spec.replicas"`. */
export function inTextOrder(text: string, faults: readonly string[]): readonly string[] {
  const fields = new Map<string, number>();
  const parser = new Parser(text, fields);
  parser.document();
  const placeOf = (fault: string): number => {
    const [, how, path = ''] = /^(unknown|duplicate) field "(.*)"$/.exec(fault) ?? [];
    return (how === 'duplicate' ? parser.duplicates : fields).get(path) ?? 0;
  };
  return [...faults].sort((a, b) => placeOf(a) - placeOf(b));
}

const maxDepth = 10_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold control characters
const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const blanks = /[ \t\r\n]*/y;

class Parser {
  /** Where each path was met again. */
  readonly duplicates = new Map<string, number>();
  #at = 0;
  #depth = 0;

  /** `fields` gets the places where paths were met first. */
  constructor(
    private readonly text: string,
    private readonly fields?: Map<string, number>,
  ) {}

  document(): Json {
    const value = this.#value('');
    this.#skip();
    if (this.#at < this.text.length) throw this.#unexpected('after top-level value');
    return value;
  }

  #value(path: string): Json {
    this.#skip();
    const char = this.text[this.#at];
    if (char === '{') return this.#nested(() => this.#object(path));
    if (char === '[') return this.#nested(() => this.#array(path));
    if (char === '"') return this.#string();
    for (const [word, value] of literals) {
      if (this.text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    if (char === 't' || char === 'f' || char === 'n') throw this.#badLiteral(char);
    numberToken.lastIndex = this.#at;
    const number = numberToken.exec(this.text)?.[0];
    if (number === undefined) throw this.#unexpected('looking for beginning of value');
    this.#at += number.length;
    return Number(number);
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > maxDepth) throw new JsonSyntaxError('exceeded max depth');
    const value = read();
    this.#depth--;
    return value;
  }

  #object(path: string): Json {
    const out: { [key: string]: Json } = {};
    this.#at++;
    this.#skip();
    if (this.#take('}')) return out;
    for (;;) {
      this.#skip();
      if (this.text[this.#at] !== '"') throw this.#unexpected('looking for beginning of object key string');
      const key = this.#string();
      const here = path === '' ? key : `${path}.${key}`;
      if (!Object.hasOwn(out, key)) this.fields?.set(here, this.#at);
      else if (!this.duplicates.has(here)) this.duplicates.set(here, this.#at);
      this.#skip();
      if (!this.#take(':')) throw this.#unexpected('after object key');
      setKey(out, key, this.#value(here));
      this.#skip();
      if (this.#take('}')) return out;
      if (!this.#take(',')) throw this.#unexpected('after object key:value pair');
    }
  }

  #array(path: string): Json {
    const out: Json[] = [];
    this.#at++;
    this.#skip();
    if (this.#take(']')) return out;
    for (;;) {
      out.push(this.#value(`${path}[${out.length}]`));
      this.#skip();
      if (this.#take(']')) return out;
      if (!this.#take(',')) throw this.#unexpected('after array element');
    }
  }

  #string(): string {
    stringToken.lastIndex = this.#at;
    const token = stringToken.exec(this.text)?.[0];
    if (token === undefined) throw this.#badString();
    this.#at += token.length;
    return JSON.parse(token) as string;
  }

  #badString(): JsonSyntaxError {
    for (let i = this.#at + 1; i < this.text.length; i++) {
      const char = this.text[i]!;
      if (char < ' ') return new JsonSyntaxError(`invalid character ${quoted(char)} in string literal`);
      if (char !== '\\') continue;
      const escaped = this.text[++i];
      if (escaped === undefined) break;
      if (escaped === 'u') {
        const wrong = /[^0-9a-fA-F]/.exec(this.text.slice(i + 1, i + 5))?.[0];
        if (wrong) return new JsonSyntaxError(`invalid character ${quoted(wrong)} in \\u hexadecimal character escape`);
      } else if (!'"\\/bfnrt'.includes(escaped)) {
        return new JsonSyntaxError(`invalid character ${quoted(escaped)} in string escape code`);
      }
    }
    return new JsonSyntaxError('unexpected end of JSON input');
  }

  #badLiteral(first: string): JsonSyntaxError {
    const word = literals.find(([literal]) => literal.startsWith(first))![0];
    for (let i = 1; i < word.length; i++) {
      const char = this.text[this.#at + i];
      if (char === undefined) break;
      if (char !== word[i]) {
        return new JsonSyntaxError(
          `invalid character ${quoted(char)} in literal ${word} (expecting ${quoted(word[i]!)})`,
        );
      }
    }
    return new JsonSyntaxError('unexpected end of JSON input');
  }

  #skip(): void {
    blanks.lastIndex = this.#at;
    blanks.test(this.text);
    this.#at = blanks.lastIndex;
  }

  #take(char: string): boolean {
    if (this.text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #unexpected(where: string): JsonSyntaxError {
    const code = this.text.codePointAt(this.#at);
    if (code === undefined) return new JsonSyntaxError('unexpected end of JSON input');
    return new JsonSyntaxError(`invalid character ${quoted(String.fromCodePoint(code))} ${where}`);
  }
}

const literals: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

function quoted(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}
