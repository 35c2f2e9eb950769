import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { KubeObject } from '@kubernest/meta';
import { issueAuthority, issueCertificate } from '@kubernest/pki';
import { ctx } from '../../control-plane/support/seen.ts';

export type ConverterManners = 'converts' | 'loses the name' | 'loses one' | 'answers garbage' | 'breaks off' | 'hangs';

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    readonly objects: readonly KubeObject[];
  };
}

/** Converts between versions, in the one way or another. */
export class LyingConverter implements AsyncDisposable {
  manners: ConverterManners = 'converts';

  private constructor(
    private readonly ca: string,
    private readonly server: Server,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<LyingConverter> {
    const authority = await issueAuthority('converter', ctx);
    const names = { commonName: 'turner', dnsNames: [], ipAddresses: ['127.0.0.1'], usage: 'server' as const };
    const { certificate: cert, key } = await issueCertificate(authority, names, ctx);
    const server = createServer({ cert, key });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new LyingConverter(authority.certificate, server);
  }

  get clientConfig(): object {
    const { port } = this.server.address() as AddressInfo;
    return { url: `https://127.0.0.1:${port}/convert`, caBundle: Buffer.from(this.ca).toString('base64') };
  }

  /** Whoever waits still is answered by nobody. */
  drop(): void {
    this.server.closeAllConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    this.drop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const review = (await json(request)) as Review;
    if (this.manners === 'hangs') return;
    response.writeHead(200, { 'content-type': 'application/json' });
    if (this.manners === 'answers garbage') return void response.end('<html>no</html>');
    const text = JSON.stringify(this.#reviewed(review));
    if (this.manners !== 'breaks off') return void response.end(text);
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  }

  #reviewed({ apiVersion, kind, request: { uid, desiredAPIVersion, objects } }: Review): object {
    const converted = objects.map((object) => ({ ...object, apiVersion: desiredAPIVersion }));
    const lying = {
      'loses the name': converted.map((object) => ({ ...object, metadata: { ...object.metadata, name: undefined } })),
      'loses one': converted.slice(1),
    };
    const convertedObjects = lying[this.manners as keyof typeof lying] ?? converted;
    return { apiVersion, kind, response: { uid, result: { status: 'Success' }, convertedObjects } };
  }
}
