import type { OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Readable } from 'node:stream';
import type { ApiRequest, ApiResponse, Subresource, SubresourceCall } from '@kubernest/apiserver/engine';
import type { Context, Milliseconds } from '@kubernest/kit';
import { badRequest } from '@kubernest/meta';
import { forwardedHeaders } from '@kubernest/streams';
import { passUpgrade } from '../connect/connect.subresource.ts';
import { dial } from '../http-call.ts';
import type { NodeDialer } from '../node-dialer.ts';
import { fetchPod, ipsOf } from '../pod.ts';
import { passAnswer } from './pass-answer.ts';
import { proxyPath } from './proxy-path.ts';
import { endpointOf, parseTarget, podPort } from './proxy-target.ts';
import { type ResolveName, reachable } from './reachable.ts';

const verbs = ['create', 'delete', 'get', 'patch', 'update'];
/** Kubernetes waits for ever; an application that has said nothing by then will not. */
const APPLICATION_ANSWERS_WITHIN: Milliseconds = 5 * 60_000;

type Locate = (call: SubresourceCall, ctx: Context) => Promise<RequestOptions> | RequestOptions;

function proxy(resource: string, locate: Locate, resolve: ResolveName): Subresource {
  return {
    of: { group: '', resource },
    name: 'proxy',
    verbs,
    connects: 'proxy',
    async handle(call, ctx) {
      const { request } = call;
      const { method } = request;
      const { prefix, rest } = proxyPath(call);
      const search = searchOf(request);
      // compat: without the slash, links of the application's first page would lead out of the proxy.
      if (rest === '' && !request.upgrade && (method === 'GET' || method === 'HEAD'))
        return movedTo(prefix + '/' + search);
      const connection = await reachable(await locate(call, ctx), resolve);
      const path = (rest || '/') + search;
      if (request.upgrade) return passUpgrade(call, { connection, path }, ctx);
      const { headers, body } = await outgoing(request);
      const onward = { ...headers, 'x-forwarded-uri': prefix + (rest || '/') };
      const answerWithin = APPLICATION_ANSWERS_WITHIN;
      const answer = await dial(
        { connection, method, path, headers: onward, answerWithin, ...(body ? { body } : {}) },
        ctx,
      );
      const own = `${connection.host}:${connection.port}`;
      return passAnswer(answer, { method, prefix, own, asked: request.headers['host'] ?? own });
    },
  };
}

const searchOf = ({ search, query }: ApiRequest): string => search ?? (query.size > 0 ? `?${query}` : '');

const movedTo = (location: string): ApiResponse => ({ kind: 'bytes', status: 301, headers: { location }, body: [] });

/** What came over the wire streams on, framed as it came; what a loopback caller gives is there as a whole. */
async function outgoing(
  request: ApiRequest,
): Promise<{ readonly headers: OutgoingHttpHeaders; readonly body?: Uint8Array | Readable }> {
  const { http, peer } = request;
  const headers = forwardedHeaders(http?.headersDistinct ?? request.headers, peer.address);
  if (!http) {
    const body = await request.body();
    return { headers: { ...headers, 'content-length': body.length }, body };
  }
  const chunked = http.headers['transfer-encoding'] !== undefined;
  if (chunked) return { headers: { ...headers, 'transfer-encoding': 'chunked' }, body: http };
  return Number(http.headers['content-length'] ?? 0) > 0 ? { headers, body: http } : { headers };
}

export const podProxy = (dialer: NodeDialer, resolve: ResolveName): Subresource =>
  proxy(
    'pods',
    async (call, ctx) => {
      const target = parseTarget('pod', call.info.name!);
      const pod = await fetchPod(call.read, call.info.namespace!, target.name, ctx);
      const [host] = ipsOf(pod);
      if (!host) throw badRequest('address not allowed');
      return dialer.toPort({ host, port: podPort(pod, target), tls: target.tls }, call.read);
    },
    resolve,
  );

export const serviceProxy = (dialer: NodeDialer, resolve: ResolveName): Subresource =>
  proxy(
    'services',
    (call) => {
      const target = parseTarget('service', call.info.name!);
      const endpoint = endpointOf(call.read, call.info.namespace!, target);
      return dialer.toPort({ ...endpoint, tls: target.tls }, call.read);
    },
    resolve,
  );

/** A node's agent, with the API server's own credentials; any other port of the node without. */
export const nodeProxy = (dialer: NodeDialer, resolve: ResolveName): Subresource =>
  proxy(
    'nodes',
    (call) => {
      const { name, port, tls } = parseTarget('node', call.info.name!);
      const agent = dialer.toNode(name, call.read);
      if (port === '' || port === String(agent.port)) return agent;
      return dialer.toPort({ host: agent.host!, port, tls }, call.read);
    },
    resolve,
  );
