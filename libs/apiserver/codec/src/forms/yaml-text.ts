import type { Json } from '@kubernest/meta';

/** So much is made before there is a place to rest. */
const TEXT_AT_ONCE = 32 * 1024;
const LONGEST_KEY = 1000;

/** A JSON value as the lines of a YAML document, a bit at a time. Lists stand where their key stands, as Kubernetes writes them. */
export function* yamlText(value: Json, indent = ''): Generator<string, undefined> {
  const lines = new Lines();
  yield* lines.write(value, indent, indent);
  yield lines.take();
}

class Lines {
  #text = '';

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  /** `lead` is what the first line begins with: what leads to the value stands there already. */
  *write(value: Json, indent: string, lead: string): Generator<string, undefined> {
    const members = membersOf(value);
    if (members.length > 0) yield* this.#nested(value, members, indent, lead);
    else this.#text += `${lead}${scalar(value, indent)}\n`;
  }

  #nested(value: Json, members: Members, indent: string, lead: string): Generator<string, undefined> {
    if (Array.isArray(value)) return this.#list(value, indent, lead);
    return this.#map(value as JsonMap, members as readonly string[], { indent, lead });
  }

  *#list(items: readonly Json[], indent: string, lead: string): Generator<string, undefined> {
    let before = lead;
    for (const item of items) {
      const members = membersOf(item);
      if (members.length > 0) yield* this.#nested(item, members, `${indent}  `, `${before}- `);
      else this.#text += `${before}- ${scalar(item, `${indent}  `)}\n`;
      before = indent;
      if (this.#text.length > TEXT_AT_ONCE) yield this.take();
    }
  }

  *#map(map: JsonMap, keys: readonly string[], { indent, lead }: Place): Generator<string, undefined> {
    let before = lead;
    for (const name of keys) {
      const value = map[name];
      if (value === undefined) continue;
      const key = `${before}${keyOf(name, indent)}:`;
      const members = membersOf(value);
      if (members.length > 0) {
        this.#text += `${key}\n`;
        const within = Array.isArray(value) ? indent : `${indent}  `;
        yield* this.#nested(value, members, within, within);
      } else this.#text += `${key} ${scalar(value, `${indent}  `)}\n`;
      before = indent;
      if (this.#text.length > TEXT_AT_ONCE) yield this.take();
    }
  }
}

type JsonMap = { readonly [key: string]: Json };
type Members = readonly unknown[];
type Place = { readonly indent: string; readonly lead: string };

const none: Members = [];

/**
 * A list's items, a map's keys, which are asked for once: of a very wide map that takes tens of milliseconds, to list its entries several
 * times as long, and neither can be paused.
 */
function membersOf(value: Json): Members {
  if (typeof value !== 'object' || value === null) return none;
  return Array.isArray(value) ? value : Object.keys(value);
}

/** What every reader of YAML, old or new, takes for a text as it stands. */
const plain = /^[A-Za-z/][\w./@+=,~-]*(?:[ :]+[\w./@+=,~-]+)*$/;
/** Also a value to readers of YAML 1.1. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const isPlain = (text: string): boolean =>
  text.length < LONGEST_KEY && plain.test(text) && !text.includes(': ') && !reserved.test(text);

/** Lines as they are, for who reads them: no tabs or blanks that indentation could be mistaken for, nothing that cannot be printed. */
const lines = /^[!-~][ -~\n\u00a0-\u2027\u202a-\ud7ff]*$/;
const blankLine = /\n +(?:\n|$)/;

function scalar(value: Json, indent: string): string {
  if (typeof value !== 'string') return typeof value === 'object' && value ? empty(value) : String(value);
  if (value.includes('\n') && lines.test(value) && !blankLine.test(value)) return block(value, indent);
  return isPlain(value) ? value : quoted(value);
}

const empty = (value: object): string => (Array.isArray(value) ? '[]' : '{}');

/** Beyond 1024 signs none may be told from a text without its mark. */
function keyOf(name: string, indent: string): string {
  if (isPlain(name)) return name;
  const key = quoted(name);
  return key.length > LONGEST_KEY ? `? ${key}\n${indent}` : key;
}

/** What JSON leaves as it is and Go's reader of YAML takes for no text. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const quoted = (text: string): string =>
  JSON.stringify(text).replace(unprintable, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

function block(text: string, indent: string): string {
  const end = text.endsWith('\n') ? (text.endsWith('\n\n') ? '+' : '') : '-';
  const body = end === '-' ? text : text.slice(0, -1);
  return `|${end}\n${body.replace(/^(?=.)/gm, indent)}`;
}
