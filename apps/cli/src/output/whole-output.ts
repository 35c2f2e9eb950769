import { fstatSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { isatty } from 'node:tty';

type Failed = (error: NodeJS.ErrnoException) => void;

/** Makes this process tell of what could not be written to its standard output, but for readers that have seen enough (`| head`). */
export function watchOutput(failed: Failed): void {
  const found = fstatSync(1);
  if (found.isFile() || (found.isCharacterDevice() && !isatty(1)))
    return void Object.defineProperty(process, 'stdout', { value: wholeOutput(1, failed), configurable: true });
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failed(error);
  });
}

/** A stream into a file that is open: Node's own takes what a full disk cut short for written. */
const wholeOutput = (fd: number, failed: Failed): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        writeFileSync(fd, chunk);
      } catch (error) {
        failed(error as NodeJS.ErrnoException);
      }
      // Whoever writes has more to do than that.
      done();
    },
  });
