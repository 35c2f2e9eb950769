/** One address, `a@b.c` or `Ann <a@b.c>`, as RFC 5322 has it and Go reads it. Linear in the text. */
export function isEmail(text: string): boolean {
  return new AddressReader(text).isOne();
}

const atom = /[^\p{Cc} ()<>[\]:;@\\,"]+/uy;
const quoted = /"(?:[^"\\\n\r]|\\[^\n\r])*"/y;
const literal = /\[[^[\]\\\n\r]*\]/y;

class AddressReader {
  #at = 0;

  constructor(private readonly text: string) {}

  isOne(): boolean {
    this.#space();
    const start = this.#at;
    if (!this.#addrSpec()) {
      this.#at = start;
      while (this.#read(quoted) !== undefined || this.#read(atom) !== undefined) this.#space();
      if (!this.#take('<') || !this.#addrSpec() || !this.#take('>')) return false;
    }
    return this.#comments() && this.#at === this.text.length;
  }

  #addrSpec(): boolean {
    this.#space();
    const local = this.#read(quoted) ?? this.#dotted();
    if (local === undefined || local === '""') return false;
    this.#space();
    if (!this.#take('@')) return false;
    this.#space();
    return this.#read(literal) !== undefined || this.#dotted() !== undefined;
  }

  #dotted(): string | undefined {
    const word = this.#read(atom);
    return word === undefined || /^\.|\.\.|\.$/.test(word) ? undefined : word;
  }

  /** Notes in brackets, one after the other or within each other. */
  #comments(): boolean {
    this.#space();
    let depth = 0;
    for (; this.#at < this.text.length; this.#at++) {
      const letter = this.text[this.#at];
      if (letter === '\\' && depth > 0) this.#at++;
      else if (letter === '(') depth++;
      else if (letter === ')') depth--;
      else if (depth === 0 && letter !== ' ' && letter !== '\t') break;
      if (depth < 0) break;
    }
    return depth === 0;
  }

  #space(): void {
    while (this.text[this.#at] === ' ' || this.text[this.#at] === '\t') this.#at++;
  }

  #take(letter: string): boolean {
    if (this.text[this.#at] !== letter) return false;
    this.#at++;
    return true;
  }

  #read(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    const found = form.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
