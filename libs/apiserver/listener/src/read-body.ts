import type { IncomingMessage } from 'node:http';
import { badRequest, MOST_BODY_BYTES, tooLarge } from '@kubernest/meta';
import { JoinedParts } from './joined-parts.ts';

const EMPTY = Buffer.alloc(0);

export const bringsBody = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;

/** The whole body; 413 above the limit, 400 when the connection ends before the body does. */
export function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > MOST_BODY_BYTES) return Promise.reject(tooLarge(MOST_BODY_BYTES));
  if (!bringsBody(request)) return Promise.resolve(EMPTY);
  return new Promise((resolve, reject) => {
    const parts = new JoinedParts();
    // Not the request's own events alone: it is told nothing any more once it is answered (its deadline passed).
    const { socket } = request;
    const onBroken = () => reject(badRequest('the connection ended before the request body did'));
    socket.once('close', onBroken);
    request.on('data', (part: Buffer) => {
      if (parts.size + part.length > MOST_BODY_BYTES) {
        request.removeAllListeners('data');
        request.resume();
        reject(tooLarge(MOST_BODY_BYTES));
        return;
      }
      parts.add(part);
    });
    request.on('end', () => {
      socket.off('close', onBroken);
      resolve(parts.whole());
    });
    request.on('error', onBroken);
    request.on('aborted', onBroken);
  });
}
