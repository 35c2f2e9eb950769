import type { RequestOptions } from 'node:https';
import {
  type ApiRequest,
  type ApiResponse,
  methodRefused,
  type Subresource,
  type SubresourceCall,
} from '@kubernest/apiserver/engine';
import type { Context, Milliseconds } from '@kubernest/kit';
import { badRequest, StatusError } from '@kubernest/meta';
import { forwardedHeaders } from '@kubernest/streams';
import { passUpgrade } from '../connect/connect.subresource.ts';
import { dial, type OutgoingCall } from '../http-call.ts';
import type { NodeDialer } from '../node-dialer.ts';
import { fetchPod, ipsOf } from '../pod.ts';
import { passAnswer } from './pass-answer.ts';
import { proxyPath } from './proxy-path.ts';
import { endpointOf, parseTarget, podPort } from './proxy-target.ts';
import { type ResolveName, reachable } from './reachable.ts';

const verbs = ['create', 'delete', 'get', 'patch', 'update'];
const methods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);
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
      if (!methods.has(method)) throw methodRefused();
      const { prefix, rest } = proxyPath(call);
      const search = searchOf(request);
      // compat: without the slash, links of the application's first page would lead out of the proxy.
      if (rest === '' && !request.upgrade && (method === 'GET' || method === 'HEAD'))
        return movedTo(prefix + '/' + search);
      const connection = await reachable(await locate(call, ctx), resolve);
      const path = (rest || '/') + search;
      if (request.upgrade) return passUpgrade(call, { connection, path }, ctx);
      const { http, peer } = request;
      const headers = {
        ...forwardedHeaders(http?.headersDistinct ?? request.headers, peer.address),
        'x-forwarded-uri': prefix + (rest || '/'),
      };
      const answerWithin = APPLICATION_ANSWERS_WITHIN;
      const answer = await dial({ connection, method, path, headers, answerWithin, ...(await bodyOf(request)) }, ctx);
      const own = `${connection.host}:${connection.port}`;
      return passAnswer(answer, { method, prefix, own, asked: request.headers['host'] ?? own });
    },
  };
}

const searchOf = ({ search, query }: ApiRequest): string => search ?? (query.size > 0 ? `?${query}` : '');

const movedTo = (location: string): ApiResponse => ({ kind: 'bytes', status: 301, headers: { location }, body: [] });

/** What came over the wire streams on; what a loopback caller gives is there as a whole. */
async function bodyOf(request: ApiRequest): Promise<Pick<OutgoingCall, 'body' | 'length'>> {
  const { http } = request;
  if (!http) return { body: await request.body() };
  const coding = http.headers['transfer-encoding'];
  if (coding !== undefined) {
    // compat: Go's server knows no other, so that nothing comes out of its proxies coded as it no longer says.
    if (coding.toLowerCase() !== 'chunked')
      throw new StatusError(501, 'NotImplemented', 'unsupported transfer encoding');
    return { body: http };
  }
  const length = Number(http.headers['content-length'] ?? 0);
  return length > 0 ? { body: http, length } : {};
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
