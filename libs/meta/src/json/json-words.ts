/** Why a text is not JSON, worded as clients of Kubernetes know it (Go's words). */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

const endOfInput = (): JsonSyntaxError => new JsonSyntaxError('unexpected end of JSON input');

export function unexpectedAt(text: string, at: number, where: string): JsonSyntaxError {
  const code = text.codePointAt(at);
  if (code === undefined) return endOfInput();
  return new JsonSyntaxError(`invalid character ${quoted(String.fromCodePoint(code))} ${where}`);
}

/** What is wrong with the string whose opening quote stands at `start`. */
export function stringFault(text: string, start: number): JsonSyntaxError {
  for (let i = start + 1; i < text.length; i++) {
    const char = text[i]!;
    if (char < ' ') return new JsonSyntaxError(`invalid character ${quoted(char)} in string literal`);
    if (char !== '\\') continue;
    const escaped = text[++i];
    if (escaped === undefined) break;
    if (escaped === 'u') {
      const wrong = /[^0-9a-fA-F]/.exec(text.slice(i + 1, i + 5))?.[0];
      if (wrong) return new JsonSyntaxError(`invalid character ${quoted(wrong)} in \\u hexadecimal character escape`);
    } else if (!'"\\/bfnrt'.includes(escaped)) {
      return new JsonSyntaxError(`invalid character ${quoted(escaped)} in string escape code`);
    }
  }
  return endOfInput();
}

/** What is wrong with something that begins like `word` and is not it. */
export function literalFault(text: string, at: number, word: string): JsonSyntaxError {
  for (let i = 1; i < word.length; i++) {
    const char = text[at + i];
    if (char === undefined) break;
    if (char !== word[i]) {
      return new JsonSyntaxError(
        `invalid character ${quoted(char)} in literal ${word} (expecting ${quoted(word[i]!)})`,
      );
    }
  }
  return endOfInput();
}

function quoted(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}
