import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { headerDictionary } from './dictionary.ts';
import { FrameError } from './frames.ts';

export type SpdyHeaders = Readonly<Record<string, string>>;

/** Headers of one stream unpacked; nothing that Kubernetes sends comes near. */
const maxBlockBytes = 64 * 1024;

/**
 * Packs and unpacks header blocks. One compressor lives as long as its connection, so blocks must be given in the order they
 * travel; the callers' queues see to that.
 */
export class HeaderBlocks {
  readonly #deflate: Deflate;
  readonly #inflate: Inflate;

  constructor() {
    const dictionary = headerDictionary();
    this.#deflate = createDeflate({ dictionary });
    this.#inflate = createInflate({ dictionary });
    // Each is reported by the call it breaks.
    this.#deflate.on('error', () => {});
    this.#inflate.on('error', () => {});
  }

  async pack(headers: SpdyHeaders): Promise<Buffer> {
    const plain = encodeHeaders(headers);
    await new Promise<void>((resolve, reject) =>
      this.#deflate.write(plain, (error) => (error ? reject(error) : resolve())),
    );
    await new Promise<void>((resolve) => this.#deflate.flush(constants.Z_SYNC_FLUSH, () => resolve()));
    return readAll(this.#deflate);
  }

  /** A block that unpacks to too much stops its connection instead of filling memory. */
  async unpack(block: Buffer): Promise<SpdyHeaders> {
    const parts: Buffer[] = [];
    let size = 0;
    await new Promise<void>((resolve, reject) => {
      const drain = () => {
        for (
          let part = this.#inflate.read() as Buffer | null;
          part !== null;
          part = this.#inflate.read() as Buffer | null
        ) {
          parts.push(part);
          size += part.length;
        }
        if (size > maxBlockBytes) reject(new FrameError('SPDY header block is too large'));
      };
      this.#inflate.on('readable', drain);
      this.#inflate.write(block, (error) => {
        this.#inflate.off('readable', drain);
        drain();
        if (error) reject(error);
        else resolve();
      });
    });
    return decodeHeaders(Buffer.concat(parts));
  }

  close(): void {
    this.#deflate.close();
    this.#inflate.close();
  }
}

function readAll(stream: Deflate): Buffer {
  const parts: Buffer[] = [];
  for (let part = stream.read() as Buffer | null; part !== null; part = stream.read() as Buffer | null)
    parts.push(part);
  return Buffer.concat(parts);
}

export function encodeHeaders(headers: SpdyHeaders): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  };
  const entries = Object.entries(headers);
  const count = Buffer.alloc(4);
  count.writeUInt32BE(entries.length);
  return Buffer.concat([count, ...entries.flatMap(([name, value]) => [...text(name.toLowerCase()), ...text(value)])]);
}

export function decodeHeaders(block: Buffer): SpdyHeaders {
  let at = 0;
  const number = () => {
    if (at + 4 > block.length) throw new FrameError('SPDY header block is cut short');
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = () => {
    const length = number();
    if (at + length > block.length) throw new FrameError('SPDY header block is cut short');
    at += length;
    return block.subarray(at - length, at).toString();
  };
  const headers: Record<string, string> = Object.create(null);
  for (let left = number(); left > 0; left--) {
    const name = text().toLowerCase();
    headers[name] = text();
  }
  return headers;
}
