import { readFileSync } from 'node:fs';
import { extname, join, resolve, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface StaticFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzip: Buffer;
  /** Its name carries a hash of what is in it. */
  readonly immutable: boolean;
}

/** The built front end: read on first use, then kept. */
export class StaticFiles {
  readonly #known = new Map<string, StaticFile>();

  constructor(private readonly directory: string) {}

  /** Undefined for what is not there, outside the directory or of no known type. */
  find(path: string): StaticFile | undefined {
    const known = this.#known.get(path);
    if (known) return known;
    const file = resolve(join(this.directory, path));
    const type = types[extname(file)];
    if (!type || !file.startsWith(resolve(this.directory) + sep)) return undefined;
    try {
      const bytes = readFileSync(file);
      const found = { type, bytes, gzip: gzipSync(bytes), immutable: path.startsWith('assets/') };
      this.#known.set(path, found);
      return found;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

/** Everything behind one `kubectl proxy` shares an origin with the API, so a script that is not ours must have no way in. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
