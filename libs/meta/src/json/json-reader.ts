import { MOST_TOLD_FAULTS } from '../body-limits.ts';
import type { Json } from '../object.ts';
import { type Place, pathOf } from '../schema-place.ts';
import { type JsonObject, setKey } from '../value.ts';
import { JsonSyntaxError, literalFault, stringFault, unexpectedAt } from './json-words.ts';
import type { Prefix, WantedPaths } from './wanted-paths.ts';

/** compat: Go's own bound. */
export const MOST_JSON_LEVELS = 10_000;
/** Longer integers are no number of 64 bits in any case, and must not be worked out digit by digit. */
const LONGEST_INTEGER = 40;

const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const integer = /^-?\d+$/;

export interface JsonReaderOptions {
  /** What becomes of integers that a number may not hold; where it is not said, the number that is next to them. */
  readonly longInteger?: (value: bigint) => number | bigint;
  readonly mostLevels?: number | undefined;
  /** Gets the places of those of its paths that are met. */
  readonly wanted?: WantedPaths;
}

type State = 'value' | 'first-item' | 'first-key' | 'key' | 'after' | 'done';

/**
 * A parser of JSON that sees keys that are given twice (the last one wins, as with JSON.parse), and calls itself nowhere, so that
 * depth costs nothing. Three to six times slower than JSON.parse.
 */
export class JsonReader {
  /** Where each path was met again, as `pathOf` tells it: `spec.containers[0].name`. Of the first hundred keys, in the order met. */
  readonly duplicates = new Map<string, number>();
  /** Whose paths these are, so that one that is given very often costs one path. */
  readonly #repeats = new Map<JsonObject, Set<string>>();
  #mayTell = MOST_TOLD_FAULTS;
  /** The first number that is too large for one. */
  infinite: string | undefined;
  #at = 0;
  #state: State = 'value';
  #root: Json = null;
  readonly #holders: (JsonObject | Json[])[] = [];
  readonly #keys: string[] = [];
  /** Of what is looked for, what may be below each that is open. */
  readonly #prefixes: (Prefix | undefined)[] = [];
  /** The same of the value of the key that was read last. */
  #ofKey: Prefix | undefined;

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
    if (this.options.wanted) this.#prefixes.push(this.#prefixOf(this.options.wanted));
    this.#holders.push(holder);
    this.#at++;
    this.#state = next;
  }

  #close(): void {
    this.#holders.pop();
    if (this.options.wanted) this.#prefixes.pop();
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
    if (Object.hasOwn(holder, key)) this.#repeated(holder, key);
    const prefix = this.#prefixes.at(-1);
    this.#ofKey = prefix && this.options.wanted!.key(prefix, key, this.#at);
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

  #repeated(holder: JsonObject, key: string): void {
    if (this.#mayTell === 0) return;
    const keys = this.#repeats.getOrInsertComputed(holder, () => new Set());
    if (keys.has(key)) return;
    keys.add(key);
    this.#mayTell--;
    let place: Place | undefined;
    for (const [i, each] of this.#holders.entries())
      place = { parent: place, key: Array.isArray(each) ? each.length - 1 : this.#keys[i + 1]! };
    const path = pathOf(place);
    if (!this.duplicates.has(path)) this.duplicates.set(path, this.#at);
  }

  /** Of what is about to be opened, which stands in its holder already. */
  #prefixOf(wanted: WantedPaths): Prefix | undefined {
    const holder = this.#holders.at(-1);
    if (!Array.isArray(holder)) return holder === undefined ? wanted.root : this.#ofKey;
    const prefix = this.#prefixes.at(-1);
    return prefix && wanted.item(prefix, holder.length - 1);
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
