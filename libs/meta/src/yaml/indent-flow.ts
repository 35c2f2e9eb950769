/** No line is moved further than this, and all lines together no further than that. */
const MOST_COLUMNS = 256;
const MOST_ADDED = 1024 * 1024;

/**
 * Moves the lines within brackets and quotes to the right of where these began. There indentation means nothing, and everybody closes a
 * list where its key stands, which YAML 1.1 allowed and the parser we use refuses.
 */
export function indentFlow(text: string): string {
  return new FlowLexer(text).run();
}

class FlowLexer {
  readonly #out: string[] = [];
  #copied = 0;
  #added = 0;
  #at = 0;
  #lineStart = 0;
  #depth = 0;
  #column = 0;

  constructor(private readonly text: string) {}

  run(): string {
    let nodeMayBegin = true;
    while (this.#at < this.text.length) {
      const char = this.text[this.#at]!;
      if (char === '\n') {
        this.#newLine();
        nodeMayBegin = true;
      } else if (char === '#' && this.#afterBlank()) this.#skipLine();
      else if ((char === '"' || char === "'") && nodeMayBegin) {
        this.#quoted(char);
        nodeMayBegin = this.#depth > 0;
      } else if ((char === '[' || char === '{') && nodeMayBegin) {
        if (this.#depth++ === 0) this.#column = this.#at - this.#lineStart + 1;
        this.#at++;
      } else if ((char === ']' || char === '}') && this.#depth > 0) {
        this.#depth--;
        this.#at++;
      } else if ((char === '|' || char === '>') && nodeMayBegin && this.#depth === 0) this.#blockScalar();
      else {
        nodeMayBegin = this.#plain(char, nodeMayBegin);
        this.#at++;
      }
    }
    this.#out.push(this.text.slice(this.#copied));
    return this.#out.join('');
  }

  /** A node begins after blanks, `- `, `? `, `: ` and its properties; within brackets also after a comma. */
  #plain(char: string, nodeMayBegin: boolean): boolean {
    if (char === ' ' || char === '\t' || char === '\r') return nodeMayBegin;
    if (this.#depth > 0 && (char === ',' || char === ':')) return true;
    const ends = /[\s]/.test(this.text[this.#at + 1] ?? '\n');
    if (char === ':' && ends) return true;
    if ((char === '-' || char === '?') && ends) return nodeMayBegin;
    if (nodeMayBegin && (char === '&' || char === '!')) {
      while (/[^\s,[\]{}]/.test(this.text[this.#at + 1] ?? ' ')) this.#at++;
      return true;
    }
    return false;
  }

  #afterBlank(): boolean {
    return this.#at === this.#lineStart || /\s/.test(this.text[this.#at - 1]!);
  }

  #newLine(): void {
    this.#at++;
    this.#lineStart = this.#at;
    if (this.#depth > 0) this.#moveLine(this.#column);
  }

  #moveLine(column: number): void {
    let blanks = 0;
    while (this.text[this.#at + blanks] === ' ') blanks++;
    const missing = Math.min(column, MOST_COLUMNS) - blanks;
    if (missing <= 0 || this.#added > MOST_ADDED) return;
    this.#out.push(this.text.slice(this.#copied, this.#at), ' '.repeat(missing));
    this.#copied = this.#at;
    this.#added += missing;
  }

  #quoted(quote: string): void {
    const column = this.#depth > 0 ? this.#column : this.#at - this.#lineStart + 1;
    for (this.#at++; this.#at < this.text.length; this.#at++) {
      const char = this.text[this.#at]!;
      if (char === '\\' && quote === '"' && this.text[this.#at + 1] !== '\n') this.#at++;
      else if (char === '\n') {
        this.#lineStart = this.#at + 1;
        this.#at++;
        this.#moveLine(column);
        this.#at--;
      } else if (char === quote) break;
    }
    this.#at++;
  }

  #skipLine(): void {
    const end = this.text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.text.length : end;
  }

  /** Its lines are those that stand further right than the line on which it is announced. */
  #blockScalar(): void {
    const indent = /^[ ]*/.exec(this.text.slice(this.#lineStart, this.#at))![0].length;
    this.#skipLine();
    while (this.#at < this.text.length) {
      let blanks = 0;
      while (this.text[this.#at + 1 + blanks] === ' ') blanks++;
      const next = this.text[this.#at + 1 + blanks];
      if (blanks <= indent && next !== '\n' && next !== undefined) return;
      const end = this.text.indexOf('\n', this.#at + 1);
      this.#at = end < 0 ? this.text.length : end;
    }
  }
}
