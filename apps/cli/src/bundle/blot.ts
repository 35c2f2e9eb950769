import { type Secret, type TakeOut, takeOut } from './secret-texts.ts';

const blotted = '[removed]';
/** What is called so is one. */
const named = '(?:token|password|passwd|passphrase|secret|credentials?|(?:api|access|private|sealing)[-_]?key)';
/** A quote, in JSON that is a text in JSON too. */
const quote = `\\\\?["']`;

/** What looks like a secret, and what is left of it. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // One whose end, or whose beginning, has been cut off is a key still.
  [/-----BEGIN [A-Z0-9 ]+-----(?:(?:(?!-----BEGIN )[\s\S])*?-----END [A-Z0-9 ]+-----|[A-Za-z0-9+/=\s\\]*)/g, blotted],
  [/^[A-Za-z0-9+/=\s\\]*-----END [A-Z0-9 ]+-----/g, blotted],
  // The same in base64.
  [/LS0tLS1CRUdJTi[A-Za-z0-9+/=]+/g, blotted],
  [/\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, blotted],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${blotted}`],
  [
    new RegExp(`(authorization(?:${quote})?\\s*[:=]\\s*(?:${quote})?(?:[a-z-]+ +)?)[^\\s"',\\\\]+`, 'gi'),
    `$1${blotted}`,
  ],
  [/(cookie\\?["']?\s*[:=]\s*\\?["']?)[^\n"'\\]+/gi, `$1${blotted}`],
  [/#link=[^\s"'<>&\\]+/g, `#link=${blotted}`],
  [
    /((?:client-key|client-certificate|certificate-authority)-data\\?["']?\s*[:=]\s*\\?["']?)[A-Za-z0-9+/=]+/g,
    `$1${blotted}`,
  ],
  // In JSON, in JSON that is a text in JSON, and elsewhere.
  [new RegExp(`(${named}"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*`, 'gi'), `$1${blotted}`],
  [new RegExp(`(${named}\\\\"\\s*:\\s*\\\\")[^"]*?(?=\\\\")`, 'gi'), `$1${blotted}`],
  [new RegExp(`(${named}["']?\\s*[:=]\\s*["']?)[^\\s"',{}[\\]\\\\]+`, 'gi'), `$1${blotted}`],
  // The value of a variable or a header, beside its name.
  [
    new RegExp(
      `(${quote}name${quote}\\s*:\\s*${quote}[^"'\\\\]*(?:${named}|cookie|authorization)[^"'\\\\]*${quote}\\s*,\\s*${quote}value${quote}\\s*:\\s*${quote})[^"']*?(?=${quote})`,
      'gi',
    ),
    `$1${blotted}`,
  ],
  // The word behind a flag.
  [
    new RegExp(`((?<![\\w-])(?=[\\w-]*-)[\\w-]*${named}${quote}(?:\\s*,)?\\s*${quote})[^"']*?(?=${quote})`, 'gi'),
    `$1${blotted}`,
  ],
  [new RegExp(`((?<![\\w-])--?[\\w-]*${named}\\s+)[^\\s"'\\\\]+`, 'gi'), `$1${blotted}`],
  // In an address, with its protocol and without; a digest of an image stands behind such a sign too.
  [/((?<![a-z0-9+.-])[a-z0-9+.-]+:\/\/)[^\s/"']*@/gi, `$1${blotted}@`],
  [/(?<![^\s"'/:=@,(])[^\s"'/:=@,(]*:(?!\/\/)[^\s"']{1,512}@(?!sha\d+:)/g, `${blotted}@`],
];

/** Takes out what looks like a secret, and each of the secrets that are known. */
export interface Blot {
  text(text: string): string;
  /** Of a value of JSON: the texts and names in it, so that JSON is left. */
  value(value: unknown): unknown;
}

export function blotter(known: Iterable<Secret>): Blot {
  const withoutKnown = takeOut(known, blotted);
  const text: TakeOut = (given) =>
    patterns.reduce((left, [pattern, words]) => left.replace(pattern, words), withoutKnown(given));
  const isNamed = new RegExp(`${named}$`, 'i');
  const value = (given: unknown): unknown => {
    if (typeof given === 'string') return text(given);
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(
      Object.entries(given).map(([name, inner]) => [
        text(name),
        isNamed.test(name) && typeof inner === 'string' ? blotted : value(inner),
      ]),
    );
  };
  return { text, value };
}
