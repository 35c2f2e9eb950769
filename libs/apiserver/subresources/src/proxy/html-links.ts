import { Transform } from 'node:stream';
import { type Turns, turnsOfTheProcess } from '@kubernest/meta';
import { Tokenizer } from 'htmlparser2';

/** Where HTML keeps addresses, element by element; the same that Kubernetes' proxy looks at. */
const linkAttributes: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['formaction', 'src', 'usemap'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
};
/** No name above is longer; it may begin in the piece before. */
const LONGEST_NAME = 16;
/** An address longer than this is none that leads anywhere, and goes by as it is. */
const LONGEST_LINK = 64 * 1024;
/** Of a page that is nothing but links, a millisecond's work. */
const PIECE_BYTES = 8 * 1024;

/**
 * Rewrites the links in a page's tags as it streams by. Everything else comes out as it went in: the bytes are taken as latin1, so that the
 * charset does not matter. Keeps no more of the page than one link. All pages share the turns of the event loop.
 */
export function rewriteLinks(lead: (url: string) => string, turns: Turns = turnsOfTheProcess): Transform {
  const page = new LinkRewriter(lead);
  const rewrite = async (chunk: Buffer, out: Transform): Promise<void> => {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      await turns.next();
      out.push(Buffer.from(page.write(chunk.toString('latin1', at, at + PIECE_BYTES)), 'latin1'));
    }
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      rewrite(chunk, this).then(() => done(), done);
    },
    flush: (done) => done(null, Buffer.from(page.end(), 'latin1')),
  });
}

/** Places are counted from the page's beginning, as the tokenizer counts them. */
class LinkRewriter {
  readonly #tokenizer: Tokenizer;
  /** The present piece, after the end of the one before. */
  #text = '';
  #textAt = 0;
  /** Up to where the page has been put out or taken into `link`. */
  #done = 0;
  #out: string[] = [];
  #attributes: readonly string[] = [];
  #isLink = false;
  #link: string | undefined;

  constructor(private readonly lead: (url: string) => string) {
    const ignore = (): void => {};
    this.#tokenizer = new Tokenizer(
      { decodeEntities: false },
      {
        onopentagname: (start, end) => {
          const name = this.#name(start, end);
          this.#attributes = Object.hasOwn(linkAttributes, name) ? linkAttributes[name]! : [];
        },
        onattribname: (start, end) => {
          this.#isLink = this.#attributes.includes(this.#name(start, end));
        },
        onattribdata: (start, end) => {
          if (this.#isLink) this.#take(start, end);
        },
        onattribend: () => this.#settle(this.lead),
        onattribentity: ignore,
        oncdata: ignore,
        onclosetag: ignore,
        oncomment: ignore,
        ondeclaration: ignore,
        onend: ignore,
        onopentagend: ignore,
        onprocessinginstruction: ignore,
        onselfclosingtag: ignore,
        ontext: ignore,
        ontextentity: ignore,
      },
    );
  }

  write(piece: string): string {
    const kept = this.#text.slice(-LONGEST_NAME);
    this.#textAt += this.#text.length - kept.length;
    this.#text = kept + piece;
    this.#tokenizer.write(piece);
    if (this.#link === undefined) this.#putOutTo(this.#textAt + this.#text.length);
    return this.#given();
  }

  end(): string {
    this.#settle((link) => link);
    return this.#given();
  }

  #given(): string {
    const out = this.#out.join('');
    this.#out = [];
    return out;
  }

  #name(start: number, end: number): string {
    return end - start > LONGEST_NAME ? '' : this.#slice(start, end).toLowerCase();
  }

  #slice(start: number, end: number): string {
    return this.#text.slice(start - this.#textAt, end - this.#textAt);
  }

  #putOutTo(end: number): void {
    this.#out.push(this.#slice(this.#done, end));
    this.#done = end;
  }

  /** The beginning of a link, or more of it. */
  #take(start: number, end: number): void {
    if (this.#link === undefined) this.#putOutTo(start);
    this.#link = (this.#link ?? '') + this.#slice(start, end);
    this.#done = end;
    if (this.#link.length > LONGEST_LINK) this.#settle((link) => link);
  }

  #settle(lead: (url: string) => string): void {
    if (this.#link !== undefined) this.#out.push(lead(this.#link));
    this.#link = undefined;
    this.#isLink = false;
  }
}
