import { pageStart, prefixEnd } from '@kubernest/store/contract';

const NO_END = Buffer.from([0]);

/** Our keys under one prefix of an etcd that others may use too. */
export class KeySpace {
  readonly all: { readonly key: Buffer; readonly range_end: Buffer };
  /** Written to move the watches on; sorts before every key of ours, which hold no NUL. */
  readonly tick: Buffer;
  readonly #prefixBytes: number;

  readonly #prefix: string;

  constructor(prefix: string) {
    // Without an end of its own the prefix of cluster `a` would take in that of cluster `ab`.
    this.#prefix = prefix.endsWith('/') ? prefix : `${prefix}/`;
    this.#prefixBytes = Buffer.byteLength(this.#prefix);
    this.tick = this.encode('\0tick');
    this.all = { key: this.encode('\0'), range_end: this.#end('') };
  }

  encode(key: string): Buffer {
    return Buffer.from(this.#prefix + key);
  }

  decode(key: Buffer): string {
    return key.toString('utf8', this.#prefixBytes);
  }

  range(prefix: string, after: string | undefined): { readonly key: Buffer; readonly range_end: Buffer } {
    return { key: this.encode(pageStart(prefix, after) || '\x01'), range_end: this.#end(prefix) };
  }

  #end(prefix: string): Buffer {
    const end = prefixEnd(this.#prefix + prefix);
    return end === undefined ? NO_END : Buffer.from(end);
  }
}
