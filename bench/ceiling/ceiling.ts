import { join } from 'node:path';
import { Child } from '../subject/child.ts';

/** The bare TLS server: same certificate, same bytes, no API. */
export class Ceiling implements AsyncDisposable {
  private constructor(
    readonly child: Child,
    readonly port: number,
  ) {}

  static async start(identity: { readonly cert: string; readonly key: string }): Promise<Ceiling> {
    const child = Child.start('bare TLS server', process.execPath, [join(import.meta.dirname, 'tls-server.ts')], {
      ipc: true,
    });
    const listening = child.message<{ port: number }>();
    child.process.send(identity);
    return new Ceiling(child, (await listening).port);
  }

  /** From now on `path` answers with these bytes. */
  async serve(path: string, body: Buffer): Promise<void> {
    const kept = this.child.message();
    this.child.process.send({ path, base64: body.toString('base64') });
    await kept;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.child[Symbol.asyncDispose]();
  }
}
