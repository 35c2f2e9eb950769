import { isAddress } from './address-formats.ts';

/** One address, `a@b.c` or `Ann <a@b.c>`, as RFC 5322 has it and Go reads it. Linear in the text. */
export function isEmail(text: string): boolean {
  return new AddressReader(text).isOne();
}

const atom = /[!#-'*+\-/-9=?A-Z^-~\u0080-\u{10ffff}.]+/uy;
const quoted = /"(?:[\t !#-[\]-~\u0080-\u{10ffff}]|\\[\t -~\u0080-\u{10ffff}])*"/uy;
const literal = /\[[!-Z^-~\u0080-\u{10ffff}]*\]/uy;

class AddressReader {
  #at = 0;

  constructor(private readonly text: string) {}

  isOne(): boolean {
    return this.#mailbox(true) && this.#comments() && this.#at === this.text.length;
  }

  #mailbox(mayBeGroup: boolean): boolean {
    this.#space();
    const start = this.#at;
    if (this.#addrSpec()) return true;
    this.#at = start;
    if (this.text[start] !== '<' && !this.#phrase()) return false;
    this.#space();
    if (mayBeGroup && this.#take(':')) return this.#mailbox(false) && this.#comments() && this.#take(';');
    return this.#take('<') && this.#addrSpec() && this.#take('>');
  }

  #phrase(): boolean {
    let words = 0;
    for (; ; words++) {
      if (words > 0 && !this.#comments()) return false;
      this.#space();
      if (this.#read(quoted) === undefined && this.#read(atom) === undefined) return words > 0;
    }
  }

  #addrSpec(): boolean {
    this.#space();
    const local = this.#read(quoted) ?? this.#dotted();
    if (local === undefined || local === '""' || !this.#take('@')) return false;
    this.#space();
    const address = this.#read(literal);
    return address === undefined ? this.#dotted() !== undefined : isAddress(address.slice(1, -1));
  }

  #dotted(): string | undefined {
    const word = this.#read(atom);
    return word === undefined || /^\.|\.\.|\.$/.test(word) ? undefined : word;
  }

  /** Notes in brackets, one after the other or within each other. */
  #comments(): boolean {
    let depth = 0;
    for (; this.#at < this.text.length; this.#at++) {
      const letter = this.text[this.#at];
      if (depth > 0 && letter === '\\') this.#at++;
      else if (letter === '(') depth++;
      else if (depth > 0 && letter === ')') depth--;
      else if (depth === 0 && letter !== ' ' && letter !== '\t') break;
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
