import { Transform } from 'node:stream';

/** How the engine reports, in place of a command's output, that it could not be run. */
const prefix = Buffer.from('OCI runtime exec failed:');

/** A shell's codes for a command that is not there or may not run; the engine uses them too. */
export const couldNotRun = (code: number): boolean => code === 126 || code === 127;

type Done = (error?: Error | null, data?: Buffer) => void;

/**
 * Passes a command's output on, and holds back what may be the engine's report of a failed start until `exitCode` tells. The
 * report then comes as `failure` and not as output.
 */
export class StartFailureFilter extends Transform {
  /** Settles with the last byte of output. */
  readonly failure: Promise<string | undefined>;
  #report: (failure: string | undefined) => void = () => {};
  #held: Buffer | undefined = Buffer.alloc(0);

  constructor(private readonly exitCode: () => Promise<number>) {
    super();
    this.failure = new Promise((resolve) => {
      this.#report = resolve;
    });
    this.once('close', () => this.#report(undefined));
  }

  override _transform(chunk: Buffer, _encoding: string, done: Done): void {
    if (this.#held === undefined) {
      done(null, chunk);
      return;
    }
    const held = Buffer.concat([this.#held, chunk]);
    const seen = Math.min(held.length, prefix.length);
    const suspicious = held.subarray(0, seen).equals(prefix.subarray(0, seen));
    this.#held = suspicious ? held : undefined;
    if (suspicious) done();
    else done(null, held);
  }

  override _flush(done: Done): void {
    void this.#judge().then((output) => (output ? done(null, output) : done()));
  }

  /** What of the held bytes is output after all. */
  async #judge(): Promise<Buffer | undefined> {
    const held = this.#held;
    const suspicious = held !== undefined && held.length >= prefix.length;
    const failed = suspicious && couldNotRun(await this.exitCode().catch(() => 0));
    this.#report(failed ? held.toString().trim() : undefined);
    return failed ? undefined : held;
  }
}
