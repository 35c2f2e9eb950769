const blotted = '[removed]';
/** What is called so is one. */
const named = '(?:token|password|passwd|secret|(?:api|access|private|sealing)[-_]?key)';

/** What looks like a secret, and what is left of it. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // One whose end, or whose beginning, has been cut off is a key still.
  [/-----BEGIN [A-Z0-9 ]+-----(?:[\s\S]*?-----END [A-Z0-9 ]+-----|[A-Za-z0-9+/=\s\\]*)/g, blotted],
  [/^[A-Za-z0-9+/=\s\\]*-----END [A-Z0-9 ]+-----/g, blotted],
  // The same in base64.
  [/LS0tLS1CRUdJTi[A-Za-z0-9+/=]+/g, blotted],
  [/\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, blotted],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${blotted}`],
  [/#link=[^\s"'<>&\\]+/g, `#link=${blotted}`],
  [
    /((?:client-key|client-certificate|certificate-authority)-data\\?["']?\s*[:=]\s*\\?["']?)[A-Za-z0-9+/=]+/g,
    `$1${blotted}`,
  ],
  // In JSON, in JSON that is a text in JSON, and elsewhere.
  [new RegExp(`(${named}"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*`, 'gi'), `$1${blotted}`],
  [new RegExp(`(${named}\\\\"\\s*:\\s*\\\\")[^"]*?(?=\\\\")`, 'gi'), `$1${blotted}`],
  [new RegExp(`(${named}["']?\\s*[:=]\\s*["']?)[^\\s"',{}[\\]\\\\]+`, 'gi'), `$1${blotted}`],
  // In an address.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${blotted}@`],
];

/** Shorter ones are words that are everywhere. */
const shortest = 8;

/** The text without what looks like a secret, and without each of the secrets that are known, as they are and in base64. */
export function blot(text: string, known: Iterable<string> = []): string {
  let left = text;
  for (const secret of known)
    for (const form of formsOf(secret)) if (form.length >= shortest) left = left.replaceAll(form, blotted);
  for (const [pattern, words] of patterns) left = left.replace(pattern, words);
  return left;
}

const formsOf = (secret: string): readonly string[] => [
  secret,
  // As it stands in JSON.
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  ...secret.split('\n').map((line) => line.trim()),
];
