import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';

/** A link from the root of the application's own host, as a link through the proxy; any other stays as it is. */
export function throughProxy(url: string, prefix: string, host: string): string {
  const [, ownHost, path = url] = /^(?:https?:)?\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  if (ownHost !== undefined && ownHost !== host) return url;
  if (ownHost === undefined && !path.startsWith('/')) return url;
  return path.startsWith(prefix) ? path : prefix + (path.startsWith('/') ? path : `/${path}`);
}

/** The page's plain bytes; undefined where its encoding is not known. */
export function decoded(answer: IncomingMessage, encoding: string | undefined): NodeJS.ReadableStream | undefined {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return answer;
  const decoder = encoding === 'gzip' ? createGunzip() : encoding === 'deflate' ? createInflate() : undefined;
  if (!decoder) return undefined;
  answer.once('error', (error) => decoder.destroy(error));
  return answer.pipe(decoder);
}

const link = new RegExp(
  `(\\s(?:${'action background cite classid codebase data formaction href icon longdesc manifest poster profile src usemap'
    .split(' ')
    .join('|')})\\s*=\\s*)("[^"]*"|'[^']*'|[^\\s"'>]+)`,
  'gi',
);
/** A tag longer than this is no tag. */
const LONGEST_TAG = 64 * 1024;

/** Rewrites the links in a page's tags as it streams by. Works on bytes as latin1, so that every charset comes out as it went in. */
export function rewriteLinks(lead: (url: string) => string): Transform {
  let held = '';
  const inTag = (tag: string): string =>
    tag.replace(link, (_all, name: string, value: string) => {
      const quote = value[0] === '"' || value[0] === "'" ? value[0] : '';
      return `${name}${quote}${lead(quote ? value.slice(1, -1) : value)}${quote}`;
    });
  const rewritten = (text: string): string => text.replace(/<[a-z][^>]*>/gi, inTag);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = held + chunk.toString('latin1');
      const open = text.lastIndexOf('<');
      const cut = open > text.lastIndexOf('>') && text.length - open < LONGEST_TAG ? open : text.length;
      held = text.slice(cut);
      done(null, Buffer.from(rewritten(text.slice(0, cut)), 'latin1'));
    },
    flush: (done) => done(null, Buffer.from(held, 'latin1')),
  });
}
