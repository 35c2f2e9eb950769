import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';

export interface Credentials {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface Sent {
  readonly body?: string | Buffer;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A plain client: kept-alive connections, nothing parsed. The certificate is not checked: a ceiling has none that is signed. */
export class HttpsClient implements Disposable {
  readonly #agent: Agent;

  constructor(
    readonly port: number,
    private readonly credentials: Credentials = {},
    sockets = 32,
  ) {
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: sockets,
      rejectUnauthorized: false,
      cert: credentials.cert,
      key: credentials.key,
    });
  }

  async send(method: string, path: string, sent: Sent = {}): Promise<{ status: number; body: Buffer }> {
    const response = await this.open(method, path, sent);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode ?? 0, body: Buffer.concat(chunks) };
  }

  /** `send`, for JSON; an answer that is no success is an error with the server's own words. */
  async ask<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.send(method, path, body ? { body: JSON.stringify(body) } : {});
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.body.toString().slice(0, 400)}`);
    return JSON.parse(answer.body.toString()) as T;
  }

  open(method: string, path: string, sent: Sent = {}): Promise<IncomingMessage> {
    return new Promise((done, fail) => {
      const outgoing = request(this.#options(method, path, sent), done);
      outgoing.once('error', fail);
      outgoing.end(sent.body);
    });
  }

  #options(
    method: string,
    path: string,
    { body, contentType = 'application/json', headers: more }: Sent,
  ): RequestOptions {
    const headers: Record<string, string | number> = {};
    if (this.credentials.token) headers.authorization = `Bearer ${this.credentials.token}`;
    if (body !== undefined) {
      headers['content-type'] = contentType;
      headers['content-length'] = Buffer.byteLength(body);
    }
    Object.assign(headers, more);
    return { agent: this.#agent, host: '127.0.0.1', port: this.port, method, path, headers };
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

/** Runs `task` for 0 … count-1, at most `atOnce` at a time. */
export async function forAll(count: number, atOnce: number, task: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}
