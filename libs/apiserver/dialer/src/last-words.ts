import type { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/**
 * A backend may answer and close before it has taken all of a request. Then writing to it fails, and Node ends the connection at once, with
 * an answer on it that nobody has read yet. So a write that fails because the other side has closed is no fault: what is read is the answer,
 * or the end. Returns what ends this.
 */
export function hearLastWords(socket: Duplex): () => void {
  const { _write, _writev } = socket;
  const unless =
    (done: Done): Done =>
    (error) =>
      done(isClosedByPeer(error) ? null : error);
  socket._write = (chunk, encoding, done) => _write.call(socket, chunk, encoding, unless(done));
  if (_writev) socket._writev = (chunks, done) => _writev.call(socket, chunks, unless(done));
  return () => Object.assign(socket, { _write, _writev });
}

const isClosedByPeer = (error: NodeJS.ErrnoException | null | undefined): boolean =>
  error?.syscall === 'write' && (error.code === 'EPIPE' || error.code === 'ECONNRESET');
