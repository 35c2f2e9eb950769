import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { type Json, type KubeObject, StatusError } from '@kubernest/meta';
import { issueAuthority, issueCertificate } from '@kubernest/pki';
import { ctx } from '../seen.ts';
import { aggregated, liar, openApi2, openApi3, openApi3Index, ROOT, resourceList } from './documents.ts';
import { Pears } from './pears.ts';

/** What a backend may do to those who ask. */
export type Manners = 'answers' | 'hangs' | 'breaks off' | 'lies';

export interface OrchardOptions {
  readonly address: string;
  /** `kube-system/extension-apiserver-authentication`. */
  readonly trusted: Readonly<Record<string, string>>;
}

/** Another API server, with one kind: it believes the front proxy alone, as its ConfigMap says. */
export class OrchardServer implements AsyncDisposable {
  manners: Manners = 'answers';
  readonly pears = new Pears();
  /** For whom it was asked, once each. */
  readonly users = new Set<string>();
  /** How often somebody was lied to. */
  lies = 0;

  private constructor(
    readonly ca: string,
    private readonly server: Server,
    private readonly options: OrchardOptions,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response));
  }

  static async start(options: OrchardOptions): Promise<OrchardServer> {
    const authority = await issueAuthority('orchard', ctx);
    const names = { commonName: 'trees', dnsNames: ['trees.orchard.svc'], ipAddresses: [], usage: 'server' as const };
    const { certificate: cert, key } = await issueCertificate(authority, names, ctx);
    const ca = options.trusted['requestheader-client-ca-file']!;
    const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true });
    await once(server.listen(0, options.address), 'listening');
    return new OrchardServer(authority.certificate, server, options);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Closes on whoever is connected. */
  drop(): void {
    this.server.closeAllConnections();
  }

  /** Nobody is there any more. */
  async end(): Promise<void> {
    this.server.close();
    this.drop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.manners === 'hangs') return;
    if (this.manners === 'breaks off' && !isDocument(request.url ?? '')) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"kind":"PearList",', () => response.destroy());
      return;
    }
    this.#say(request, response).catch((error: unknown) => {
      const status = error instanceof StatusError ? error.toStatus() : { kind: 'Status', code: 500 };
      send(response, status, status.code ?? 500);
    });
  }

  async #say(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.users.add(this.#userOf(request));
    const { pathname, searchParams } = new URL(request.url ?? '', 'https://any');
    const document = documentAt(pathname, String(request.headers.accept), this.manners === 'lies');
    if (document === liar) this.lies += 1;
    if (document) return send(response, document);
    const [, namespace, name] =
      /^(?:\/namespaces\/([^/]+))?\/pears(?:\/([^/]+))?$/.exec(pathname.slice(ROOT.length)) ?? [];
    if (!pathname.startsWith(ROOT)) throw new StatusError(404, 'NotFound', 'the server could not find it');
    if (searchParams.get('watch')) return this.#watch(response, Number(searchParams.get('resourceVersion')), namespace);
    const [status, answer] = await this.#act(request, { namespace, name });
    send(response, answer, status);
  }

  async #act(
    request: IncomingMessage,
    { namespace, name }: { readonly namespace: string | undefined; readonly name: string | undefined },
  ): Promise<[status: number, answer: object]> {
    const { pears } = this;
    if (name === undefined) {
      if (request.method === 'POST') return [201, pears.create(namespace!, (await json(request)) as KubeObject)];
      if (request.method === 'DELETE') pears.deleteAll(namespace);
      return [200, pears.list(namespace)];
    }
    const key = { namespace: namespace!, name };
    if (request.method === 'DELETE') return [200, pears.delete(key)];
    if (request.method === 'PATCH') return [200, pears.patch(key, (await json(request)) as Json)];
    return [200, pears.get(key)];
  }

  #watch(response: ServerResponse, since: number, namespace: string | undefined): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const leave = this.pears.watch(since, namespace, (event) => response.write(`${JSON.stringify(event)}\n`));
    response.once('close', leave);
  }

  /** The certificate was checked in the handshake; its name must be one of those that may speak for others. */
  #userOf({ socket, headers }: IncomingMessage): string {
    const allowed = JSON.parse(this.options.trusted['requestheader-allowed-names'] ?? '[]') as string[];
    const by = String((socket as TLSSocket).getPeerCertificate().subject?.CN);
    if (allowed.length > 0 && !allowed.includes(by)) throw new StatusError(401, 'Unauthorized', `${by} may not`);
    const [header = ''] = JSON.parse(this.options.trusted['requestheader-username-headers'] ?? '[]') as string[];
    return String(headers[header.toLowerCase()]);
  }
}

const isDocument = (path: string): boolean => !path.startsWith(`${ROOT}/`);

function documentAt(path: string, accept: string, lies: boolean): object | undefined {
  if (path === '/apis' && accept.includes('as=APIGroupDiscoveryList')) return lies ? liar : aggregated;
  if (path === ROOT) return resourceList;
  if (path === '/openapi/v2') return openApi2;
  if (path === '/openapi/v3') return openApi3Index;
  return path === `/openapi/v3${ROOT}` ? openApi3 : undefined;
}

function send(response: ServerResponse, object: object, status = 200): void {
  const type =
    'kind' in object && object.kind === 'APIGroupDiscoveryList'
      ? ';g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
      : '';
  response.writeHead(status, { 'content-type': `application/json${type}` }).end(JSON.stringify(object));
}
