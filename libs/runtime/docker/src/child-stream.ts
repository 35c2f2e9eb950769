import type { ChildProcessByStdio } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';

/** A child's standard input and output as one stream, which half-closes and holds back like a socket. */
export function childStream(child: ChildProcessByStdio<Writable, Readable, null>): Duplex {
  const { stdin, stdout } = child;
  const stream = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk, _encoding, done) => void stdin.write(chunk, done),
    final: (done) => void stdin.end(done),
    destroy(error, done) {
      child.kill('SIGKILL');
      done(error);
    },
  });
  // A child that left early is told by the end of its output; a write after that is lost like on any closed socket.
  stdin.on('error', () => {});
  stdout.on('data', (chunk: Buffer) => stream.push(chunk) || stdout.pause());
  stdout.on('end', () => stream.push(null));
  child.on('error', (error) => stream.destroy(error));
  return stream;
}
