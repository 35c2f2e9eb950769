import { isUtf8 } from 'node:buffer';
import { withoutEnd } from '@kubernest/meta';

/** Shorter ones are looked for as whole words: within others they are everywhere. */
const long = 8;
/** Still shorter ones are words of any text; where they stand in a Secret they are left out all the same. */
const shortest = 4;

/** In clear; bytes are whatever a Secret holds, text or not. */
export type Secret = string | Buffer;

/** The text without each of the secrets, in every form in which one may have been written. */
export type TakeOut = (text: string) => string;

export function takeOut(secrets: Iterable<Secret>, instead: string): TakeOut {
  const forms = [...new Set([...secrets].flatMap(formsOf))].filter((form) => form.length >= shortest);
  // The longest first: what is left of it would give it away.
  const longest = forms.toSorted((a, b) => b.length - a.length);
  const words = longest.filter((form) => form.length < long).map(wordPattern);
  const asWord = words.length === 0 ? undefined : new RegExp(words.join('|'), 'g');
  return (text) => {
    let left = text;
    for (const form of longest) if (form.length >= long) left = left.replaceAll(form, instead);
    return asWord ? left.replace(asWord, instead) : left;
  };
}

/** A word ends where letters and digits do; at other signs there is nothing to be within. */
const wordPattern = (word: string): string => {
  const before = /^[A-Za-z0-9]/.test(word) ? '(?<![A-Za-z0-9])' : '';
  const after = /[A-Za-z0-9]$/.test(word) ? '(?![A-Za-z0-9])' : '';
  return before + word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&') + after;
};

function formsOf(secret: Secret): readonly string[] {
  // As a log shows it that was read as text.
  if (typeof secret !== 'string' && !isUtf8(secret)) return [...inDigits(secret), String(secret)];
  const text = String(secret);
  return [...encoded(text), ...[...linesOf(text), ...textsIn(text)].flatMap(encoded)];
}

const encoded = (text: string): readonly string[] => [
  text,
  // As it stands in JSON.
  JSON.stringify(text).slice(1, -1),
  // As it stands in an address.
  percentEncoded(text),
  ...inDigits(Buffer.from(text)),
];

/** As programs write down what need not be text: base64 in both alphabets, with its padding and without, and digits. */
function inDigits(bytes: Buffer): readonly string[] {
  const [base64, hex] = [bytes.toString('base64'), bytes.toString('hex')];
  const inAddresses = base64.replaceAll('+', '-').replaceAll('/', '_');
  const padded = [base64, inAddresses];
  return [...padded, ...padded.map((text) => withoutEnd(text, '=')), hex, hex.toUpperCase()];
}

/** A half of a surrogate pair has no such form. */
const percentEncoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** The lines of a file, and in one of settings (`NAME=value`) their values. */
function linesOf(secret: string): readonly string[] {
  const lines = secret.split('\n').map((line) => line.trim());
  const values = lines.flatMap((line) => unquoted(/^[\w.-]+\s*[=:](.*)/.exec(line)?.[1]?.trim()) ?? []);
  // Short lines of a longer text are words such as `data:`.
  return [...lines.filter((line) => line.length >= long), ...values];
}

const unquoted = (value: string | undefined): string | undefined => value?.replace(/^["']/, '').replace(/["']$/, '');

/** What a credential in JSON holds, such as that of a registry. */
function textsIn(secret: string): readonly string[] {
  if (!/^\s*[[{]/.test(secret)) return [];
  const texts: string[] = [];
  try {
    JSON.parse(secret, (_name, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
    });
  } catch {
    // It is no JSON: its lines are looked for.
  }
  return texts;
}
