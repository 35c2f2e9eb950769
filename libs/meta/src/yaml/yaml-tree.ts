import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { MOST_BODY_BYTES, MOST_TOLD_FAULTS } from '../body-limits.ts';
import type { Json } from '../object.ts';
import { type JsonObject, MOST_KEPT_LEVELS, setKey } from '../value.ts';
import { keyText, resolveScalar, YamlError } from './yaml-scalar.ts';

type ScalarEvent = Extract<Event, { type: 4 }>;
type NodeEvent = Extract<Event, { tagStart: number }>;

const MERGE = '<<';
const MERGE_TAG = 'tag:yaml.org,2002:merge';
/** compat: how much of a document may come from aliases; up to the first number of nodes nearly all. */
const ALIAS_RANGE = { low: 400_000, high: 4_000_000 };

/** The value that the events of one document stand for. Aliases are copied: what comes out is a tree. */
export class YamlTree {
  /** `line 3: key "a" already set in map`, the first hundred. */
  readonly duplicates: string[] = [];
  readonly #targets = new Map<number, number>();
  readonly #handles = new Map<string, string>([
    ['!', '!'],
    ['!!', 'tag:yaml.org,2002:'],
  ]);
  readonly #open = new Set<number>();
  readonly #lines: Lines;
  #at = 0;
  #decoded = 0;
  #aliased = 0;
  /** With those that aliases and merges lead into. */
  #levels = 0;
  #aliasedText = 0;

  constructor(
    private readonly source: string,
    private readonly events: readonly Event[],
  ) {
    this.#lines = new Lines(source);
    this.#bindAliases();
  }

  document(): Json {
    const [head] = this.events;
    if (head?.type !== EVENT_ID.DOCUMENT) return null;
    for (const directive of head.directives) {
      if (directive.kind === 'tag') this.#handles.set(directive.handle, directive.prefix);
      else if (directive.version !== '1.1') throw new YamlError('found incompatible YAML document');
    }
    this.#at = 1;
    return this.#value();
  }

  /** compat: a name means the node that bore it last before the alias, which may be one that holds the alias. */
  #bindAliases(): void {
    const byName = new Map<string, number>();
    for (const [i, event] of this.events.entries()) {
      if (event.type === EVENT_ID.ALIAS) {
        const name = this.source.slice(event.anchorStart, event.anchorEnd);
        const target = byName.get(name);
        if (target === undefined) throw new YamlError(`unknown anchor '${name}' referenced`);
        this.#targets.set(i, target);
      } else if ('anchorStart' in event && event.anchorStart >= 0)
        byName.set(this.source.slice(event.anchorStart, event.anchorEnd), i);
    }
  }

  #value(): Json {
    this.#count();
    const index = this.#at;
    const event = this.events[index];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        this.#at++;
        return jsonScalar(this.#scalar(event));
      case EVENT_ID.ALIAS:
        return this.#followed(index, () => this.#value());
      case EVENT_ID.SEQUENCE:
        return this.#sequence();
      case EVENT_ID.MAPPING: {
        const out: JsonObject = {};
        this.#mapping(out);
        return out;
      }
      default:
        return null;
    }
  }

  #count(): void {
    this.#decoded++;
    if (this.#open.size === 0) return;
    this.#aliased++;
    const { low, high } = ALIAS_RANGE;
    const over = Math.min(1, Math.max(0, (this.#decoded - low) / (high - low)));
    const tooMany = this.#decoded > 1000 && this.#aliased / this.#decoded > 0.99 - 0.89 * over;
    if ((this.#aliased > 100 && tooMany) || this.#aliasedText > MOST_BODY_BYTES)
      throw new YamlError('document contains excessive aliasing');
  }

  /** Reads what an alias stands for, and goes on behind the alias. */
  #followed<T>(alias: number, read: () => T): T {
    if (this.#open.has(alias)) {
      const { anchorStart, anchorEnd } = this.events[alias] as Extract<Event, { type: 5 }>;
      throw new YamlError(`anchor '${this.source.slice(anchorStart, anchorEnd)}' value contains itself`);
    }
    this.#open.add(alias);
    this.#at = this.#targets.get(alias)!;
    const value = read();
    this.#open.delete(alias);
    this.#at = alias + 1;
    return value;
  }

  #deeper(): void {
    if (++this.#levels > MOST_KEPT_LEVELS) throw tooDeep();
  }

  #sequence(): Json[] {
    const out: Json[] = [];
    this.#deeper();
    this.#at++;
    while (this.events[this.#at]!.type !== EVENT_ID.POP) out.push(this.#value());
    this.#at++;
    this.#levels--;
    return out;
  }

  #mapping(out: JsonObject): void {
    this.#deeper();
    this.#at++;
    while (this.events[this.#at]!.type !== EVENT_ID.POP) {
      if (this.#isMerge()) {
        this.#at++;
        this.#merge(out);
        continue;
      }
      const key = this.#key();
      const value = this.events[this.#at]!;
      if (Object.hasOwn(out, key)) this.#repeated(key, value);
      setKey(out, key, this.#value());
    }
    this.#at++;
    this.#levels--;
  }

  #isMerge(): boolean {
    const event = this.events[this.#at]!;
    if (event.type !== EVENT_ID.SCALAR || event.valueEnd - event.valueStart < MERGE.length) return false;
    const tag = this.#tag(event);
    const implicit = event.style === SCALAR_STYLE.PLAIN && tag === '';
    return (implicit || tag === MERGE_TAG) && getScalarValue(this.source, event) === MERGE;
  }

  /** compat: what is merged in counts where it stands: it overwrites what came before and is overwritten by what comes after. */
  #merge(out: JsonObject): void {
    const event = this.events[this.#at]!;
    if (event.type !== EVENT_ID.SEQUENCE) {
      this.#mergeOne(out);
      return;
    }
    const starts: number[] = [];
    this.#at++;
    while (this.events[this.#at]!.type !== EVENT_ID.POP) {
      starts.push(this.#at);
      this.#skip();
    }
    const behind = this.#at + 1;
    for (const start of starts.reverse()) {
      this.#at = start;
      this.#mergeOne(out);
    }
    this.#at = behind;
  }

  #mergeOne(out: JsonObject): void {
    this.#count();
    const index = this.#at;
    const event = this.events[index]!;
    if (event.type === EVENT_ID.MAPPING) this.#mapping(out);
    else if (event.type === EVENT_ID.ALIAS && this.events[this.#targets.get(index)!]!.type === EVENT_ID.MAPPING)
      this.#followed(index, () => this.#mergeOne(out));
    else throw new YamlError('map merge requires map or sequence of maps as the value');
  }

  #skip(): void {
    let depth = 0;
    do {
      const { type } = this.events[this.#at++]!;
      if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth++;
      else if (type === EVENT_ID.POP) depth--;
    } while (depth > 0);
  }

  #key(): string {
    this.#count();
    const index = this.#at;
    const event = this.events[index]!;
    if (event.type === EVENT_ID.SCALAR) {
      this.#at++;
      return keyText(this.#scalar(event));
    }
    if (event.type === EVENT_ID.ALIAS) return this.#followed(index, () => this.#key());
    throw new YamlError('invalid map key: it must be a scalar');
  }

  #scalar(event: ScalarEvent) {
    const text = getScalarValue(this.source, event);
    if (event.style === SCALAR_STYLE.DOUBLE_QUOTED && !event.fast && !text.isWellFormed())
      throw new YamlError('found invalid Unicode character escape code');
    if (this.#open.size > 0) this.#aliasedText += text.length;
    const tag = this.#tag(event);
    // `!` alone says that it is a text.
    return resolveScalar(tag === '!' ? '' : tag, text, event.style === SCALAR_STYLE.PLAIN && tag !== '!');
  }

  #tag({ tagStart, tagEnd }: NodeEvent): string {
    if (tagStart < 0) return '';
    const raw = this.source.slice(tagStart, tagEnd);
    if (raw.startsWith('!<')) return raw.slice(2, -1);
    const second = raw.indexOf('!', 1);
    const handle = second < 0 ? '!' : raw.slice(0, second + 1);
    const prefix = this.#handles.get(handle);
    if (prefix === undefined) throw new YamlError('found undefined tag handle');
    return prefix + raw.slice(handle.length);
  }

  #repeated(key: string, value: Event): void {
    if (this.duplicates.length >= MOST_TOLD_FAULTS) return;
    this.duplicates.push(`line ${this.#lines.at(startOf(value))}: key ${JSON.stringify(key)} already set in map`);
  }
}

export const tooDeep = (): YamlError => new YamlError(`exceeded max depth of ${MOST_KEPT_LEVELS}`);

function startOf(event: Event): number {
  if ('valueStart' in event) return Math.max(0, event.valueStart);
  if ('start' in event) return event.start;
  return 'anchorStart' in event ? event.anchorStart : 0;
}

/** What JSON has no word for is refused, as it could not have been sent as JSON. */
function jsonScalar(value: ReturnType<typeof resolveScalar>): Json {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const shown = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
    throw new YamlError(`json: unsupported value: ${shown}`);
  }
  return value as Json;
}

/** The number of the line at an offset; places are asked for in any order. */
class Lines {
  #starts: number[] | undefined;

  constructor(private readonly text: string) {}

  at(offset: number): number {
    this.#starts ??= lineStarts(this.text);
    const starts = this.#starts;
    let low = 0;
    let high = starts.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
