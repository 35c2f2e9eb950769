import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { ApiResponse, Subresource, SubresourceCall } from '@kubernest/apiserver/engine';
import type { Context } from '@kubernest/kit';
import { badRequest } from '@kubernest/meta';
import { passUpgrade } from '../connect/connect.subresource.ts';
import { dial, passOn } from '../http-call.ts';
import type { NodeDialer } from '../node-dialer.ts';
import { fetchPod } from '../pod.ts';
import { decoded, rewriteLinks, throughProxy } from './html-links.ts';
import { endpointOf, parsePort, podPort } from './proxy-target.ts';

const verbs = ['create', 'delete', 'get', 'patch', 'update'];
/** Of the hop, made anew, or nobody else's business. */
const dropped = new Set([
  'host',
  'connection',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'content-length',
  'authorization',
  'cookie',
  'proxy-authorization',
]);

type Resolve = (call: SubresourceCall, ctx: Context) => Promise<RequestOptions> | RequestOptions;

function proxy(resource: string, resolve: Resolve): Subresource {
  return {
    of: { group: '', resource },
    name: 'proxy',
    verbs,
    connects: 'proxy',
    async handle(call, ctx) {
      const { request } = call;
      const { prefix, rest, query } = splitPath(call);
      // compat: without the slash, links of the application's first page would lead out of the proxy.
      if (rest === '' && !request.upgrade && readsOnly(request.method)) return movedTo(`${prefix}/${query}`);
      const connection = await resolve(call, ctx);
      const path = `${rest || '/'}${query}`;
      if (request.upgrade) return passUpgrade(call, { connection, path }, ctx);
      const body = readsOnly(request.method) ? undefined : await request.body();
      const headers = { ...outgoingHeaders(call, body), 'x-forwarded-uri': prefix + (rest || '/') };
      const answer = await dial({ connection, method: request.method, path, headers, ...(body ? { body } : {}) }, ctx);
      return answerOf(answer, prefix, connection);
    },
  };
}

const readsOnly = (method: string): boolean => method === 'GET' || method === 'HEAD';

const movedTo = (location: string): ApiResponse => ({ kind: 'bytes', status: 301, headers: { location }, body: [] });

/** What follows `/proxy` as it was sent: encoding and a slash at the end matter to applications. */
function splitPath({ request, info }: SubresourceCall): { prefix: string; rest: string; query: string } {
  const marker = `/${info.resource}/`;
  const afterName = request.path.indexOf('/proxy', request.path.indexOf(marker) + marker.length);
  const end = afterName + '/proxy'.length;
  const query = request.query.toString();
  return { prefix: request.path.slice(0, end), rest: request.path.slice(end), query: query && `?${query}` };
}

function outgoingHeaders({ request }: SubresourceCall, body: Uint8Array | undefined): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (!dropped.has(name) && !name.startsWith('impersonate-')) headers[name] = value;
  }
  if (body) headers['content-length'] = body.length;
  headers['x-forwarded-for'] = request.peer.address;
  return headers;
}

/** An application knows nothing of the proxy: links from its root are led through it. */
function answerOf(answer: IncomingMessage, prefix: string, { host, port }: RequestOptions): ApiResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !['connection', 'keep-alive', 'transfer-encoding'].includes(name))
      headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const lead = (url: string): string => throughProxy(url, prefix, `${host}:${port}`);
  if (headers['location'] !== undefined) headers['location'] = lead(headers['location']);
  else if (/^text\/html\b/i.test(headers['content-type'] ?? '')) {
    const page = decoded(answer, headers['content-encoding']);
    if (page) {
      delete headers['content-length'];
      delete headers['content-encoding'];
      return passOn(answer, headers, page.pipe(rewriteLinks(lead)));
    }
  }
  return passOn(answer, headers);
}

export const podProxy = (dialer: NodeDialer): Subresource =>
  proxy('pods', async (call, ctx) => {
    const { scheme, name, port } = parsePort(call.info.name!);
    const pod = await fetchPod(call.read, call.info.namespace!, name, ctx);
    const host = pod.status?.podIP;
    if (!host) throw badRequest('address not allowed: the pod has no IP yet');
    return dialer.toPod({ host, port: podPort(pod, port), tls: scheme === 'https' }, call.read);
  });

export const serviceProxy = (dialer: NodeDialer): Subresource =>
  proxy('services', (call) => {
    const { scheme, name, port } = parsePort(call.info.name!);
    const { host, port: number } = endpointOf(call.read, { namespace: call.info.namespace!, name, port });
    return dialer.toPod({ host, port: number, tls: scheme === 'https' }, call.read);
  });

export const nodeProxy = (dialer: NodeDialer): Subresource =>
  proxy('nodes', (call) => dialer.toNode(parsePort(call.info.name!).name, call.read));
