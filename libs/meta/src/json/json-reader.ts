import { MOST_TOLD_FAULTS } from '../body-limits.ts';
import type { Json } from '../object.ts';
import { type JsonObject, setKey } from '../value.ts';
import { JsonSyntaxError, literalFault, stringFault, unexpectedAt } from './json-words.ts';

/** compat: Go's own bound. */
export const MOST_JSON_LEVELS = 10_000;
/** Paths grow with depth: the places of deeper ones are not kept. */
const MOST_PLACED_LEVELS = 100;
/** Longer integers are no number of 64 bits in any case, and must not be worked out digit by digit. */
const LONGEST_INTEGER = 40;

const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const integer = /^-?\d+$/;

export interface JsonReaderOptions {
  /** What becomes of integers that a number may not hold; where it is not said, the number that is next to them. */
  readonly longInteger?: (value: bigint) => number | bigint;
  readonly mostLevels?: number | undefined;
  /** Gets the place of each path that is met first. */
  readonly places?: Map<string, number>;
}

type State = 'value' | 'first-item' | 'first-key' | 'key' | 'after' | 'done';

/**
 * A parser of JSON that sees keys that are given twice (the last one wins, as with JSON.parse), and calls itself nowhere, so that
 * depth costs nothing. Three to six times slower than JSON.parse.
 */
export class JsonReader {
  /** Where each path was met again: `spec.containers[0].name`. The first hundred, in the order met. */
  readonly duplicates = new Map<string, number>();
  /** The first number that is too large for one. */
  infinite: string | undefined;
  #at = 0;
  #state: State = 'value';
  #root: Json = null;
  readonly #holders: (JsonObject | Json[])[] = [];
  readonly #keys: string[] = [];
  readonly #paths: string[] = [''];

  constructor(
    private readonly text: string,
    private readonly options: JsonReaderOptions = {},
  ) {}

  /** Throws JsonSyntaxError. */
  read(): Json {
    while (this.#state !== 'done') {
      this.#skip();
      this.#step();
    }
    return this.#root;
  }

  #step(): void {
    switch (this.#state) {
      case 'first-item':
        if (this.#take(0x5d)) this.#close();
        else this.#value();
        return;
      case 'value':
        this.#value();
        return;
      case 'first-key':
        if (this.#take(0x7d)) this.#close();
        else this.#key();
        return;
      case 'key':
        this.#key();
        return;
      case 'after':
        this.#after();
    }
  }

  #value(): void {
    const { text } = this;
    switch (text.charCodeAt(this.#at)) {
      case 0x7b:
        this.#open({}, 'first-key');
        return;
      case 0x5b:
        this.#open([], 'first-item');
        return;
      case 0x22:
        this.#put(this.#string());
        return;
      case 0x74:
        this.#literal('true', true);
        return;
      case 0x66:
        this.#literal('false', false);
        return;
      case 0x6e:
        this.#literal('null', null);
        return;
      default:
        this.#put(this.#number());
    }
  }

  #open(holder: JsonObject | Json[], next: State): void {
    if (this.#holders.length >= (this.options.mostLevels ?? MOST_JSON_LEVELS))
      throw new JsonSyntaxError('exceeded max depth');
    this.#put(holder);
    if (this.options.places) this.#paths.push(this.#here());
    this.#holders.push(holder);
    this.#at++;
    this.#state = next;
  }

  #close(): void {
    this.#holders.pop();
    if (this.options.places) this.#paths.pop();
    this.#state = 'after';
  }

  /** Into whatever is open. What holds others is put in when it begins. */
  #put(value: Json): void {
    const holder = this.#holders.at(-1);
    if (holder === undefined) this.#root = value;
    else if (Array.isArray(holder)) holder.push(value);
    else setKey(holder, this.#keys[this.#holders.length]!, value);
    this.#state = 'after';
  }

  #key(): void {
    if (this.text.charCodeAt(this.#at) !== 0x22) throw this.#unexpected('looking for beginning of object key string');
    const key = this.#string();
    const holder = this.#holders.at(-1) as JsonObject;
    this.#keys[this.#holders.length] = key;
    if (Object.hasOwn(holder, key)) this.#repeated();
    else if (this.options.places && this.#holders.length < MOST_PLACED_LEVELS)
      this.options.places.set(this.#join(this.#paths.at(-1)!, key), this.#at);
    this.#skip();
    if (!this.#take(0x3a)) throw this.#unexpected('after object key');
    this.#state = 'value';
  }

  #after(): void {
    const holder = this.#holders.at(-1);
    if (holder === undefined) {
      if (this.#at < this.text.length) throw this.#unexpected('after top-level value');
      this.#state = 'done';
    } else if (Array.isArray(holder)) {
      if (this.#take(0x2c)) this.#state = 'value';
      else if (this.#take(0x5d)) this.#close();
      else throw this.#unexpected('after array element');
    } else if (this.#take(0x2c)) this.#state = 'key';
    else if (this.#take(0x7d)) this.#close();
    else throw this.#unexpected('after object key:value pair');
  }

  #repeated(): void {
    if (this.duplicates.size >= MOST_TOLD_FAULTS) return;
    let path = '';
    for (const [i, holder] of this.#holders.entries()) {
      const inner = i + 1 < this.#holders.length;
      path = Array.isArray(holder)
        ? `${path}[${holder.length - (inner ? 1 : 0)}]`
        : this.#join(path, this.#keys[i + 1]!);
    }
    if (!this.duplicates.has(path)) this.duplicates.set(path, this.#at);
  }

  /** The path of what is about to be opened, which stands in its holder already. */
  #here(): string {
    const holder = this.#holders.at(-1);
    const before = this.#paths.at(-1)!;
    if (holder === undefined) return '';
    return Array.isArray(holder)
      ? `${before}[${holder.length - 1}]`
      : this.#join(before, this.#keys[this.#holders.length]!);
  }

  #join(path: string, key: string): string {
    return path === '' ? key : `${path}.${key}`;
  }

  #string(): string {
    const { text } = this;
    const start = this.#at;
    let escaped = false;
    for (let i = start + 1; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0x22) {
        this.#at = i + 1;
        return escaped ? this.#unescaped(start, i + 1) : text.slice(start + 1, i);
      }
      if (code === 0x5c) {
        escaped = true;
        i++;
      } else if (code < 0x20) break;
    }
    throw stringFault(text, start);
  }

  #unescaped(start: number, end: number): string {
    try {
      return JSON.parse(this.text.slice(start, end)) as string;
    } catch {
      throw stringFault(this.text, start);
    }
  }

  #literal(word: string, value: Json): void {
    if (!this.text.startsWith(word, this.#at)) throw literalFault(this.text, this.#at, word);
    this.#at += word.length;
    this.#put(value);
  }

  #number(): Json {
    numberToken.lastIndex = this.#at;
    const token = numberToken.exec(this.text)?.[0];
    if (token === undefined) throw this.#unexpected('looking for beginning of value');
    this.#at += token.length;
    const number = Number(token);
    if (!Number.isFinite(number)) this.infinite ??= token;
    const { longInteger } = this.options;
    if (!longInteger || Number.isSafeInteger(number)) return number;
    return token.length <= LONGEST_INTEGER && integer.test(token) ? longInteger(BigInt(token)) : number;
  }

  #skip(): void {
    const { text } = this;
    let at = this.#at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
      at++;
    }
    this.#at = at;
  }

  #take(code: number): boolean {
    if (this.text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  #unexpected(where: string): JsonSyntaxError {
    return unexpectedAt(this.text, this.#at, where);
  }
}
