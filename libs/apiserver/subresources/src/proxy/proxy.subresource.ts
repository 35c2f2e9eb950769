import {
  type ApiRequest,
  type ApiResponse,
  methodRefused,
  type Subresource,
  type SubresourceCall,
} from '@kubernest/apiserver/contract';
import {
  type Connection,
  DialError,
  type Dialer,
  type DialRequest,
  dial,
  whileClientListens,
} from '@kubernest/apiserver/dialer';
import { type Context, hostPort, type Milliseconds } from '@kubernest/kit';
import { unavailable } from '@kubernest/meta';
import { forwardedHeaders, passedBody } from '@kubernest/streams';
import { passUpgrade } from '../connect/connect.subresource.ts';
import { passAnswer } from './pass-answer.ts';
import { proxyPath } from './proxy-path.ts';
import { parseTarget } from './proxy-target.ts';

const verbs = ['create', 'delete', 'get', 'patch', 'update'];
const methods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);
/** Kubernetes waits for ever; an application that has said nothing by then will not. */
const APPLICATION_ANSWERS_WITHIN: Milliseconds = 5 * 60_000;

type Locate = (call: SubresourceCall, ctx: Context) => Promise<Connection>;

function proxy(of: { readonly resource: string; readonly options: string }, locate: Locate): Subresource {
  return {
    of: { group: '', resource: of.resource },
    name: 'proxy',
    verbs,
    connects: 'proxy',
    options: of.options,
    async handle(call, ctx) {
      const { request } = call;
      const { method } = request;
      if (!methods.has(method)) throw methodRefused();
      const connection = await locate(call, ctx);
      const { prefix, rest } = proxyPath(call);
      const search = searchOf(request);
      // compat: without the slash, links of the application's first page would lead out of the proxy.
      if (rest === '' && !request.upgrade && (method === 'GET' || method === 'HEAD'))
        return movedTo(prefix + '/' + search);
      const path = (rest || '/') + search;
      if (request.upgrade) return passUpgrade(call, { connection, path }, ctx);
      const { http, peer } = request;
      const headers = {
        ...forwardedHeaders(http?.headersDistinct ?? request.headers, peer.address),
        'x-forwarded-uri': prefix + (rest || '/'),
      };
      const answerWithin = APPLICATION_ANSWERS_WITHIN;
      const outgoing = { method, path, headers, answerWithin, ...(await bodyOf(request)) };
      const answer = await whileClientListens(http, (own) => dial(connection, outgoing, own), ctx).catch(unreachable);
      const own = hostPort(connection);
      return passAnswer(answer, { method, prefix, own, asked: request.headers['host'] ?? own });
    },
  };
}

function unreachable(error: unknown): never {
  throw error instanceof DialError ? unavailable(`error trying to reach service: ${error.message}`, error) : error;
}

const searchOf = ({ search, query }: ApiRequest): string => search ?? (query.size > 0 ? `?${query}` : '');

const movedTo = (location: string): ApiResponse => ({ kind: 'bytes', status: 301, headers: { location }, body: [] });

/** What came over the wire streams on; what a loopback caller gives is there as a whole. */
const bodyOf = async (request: ApiRequest): Promise<Pick<DialRequest, 'body' | 'length'>> =>
  request.http ? passedBody(request.http) : { body: await request.body() };

export const podProxy = (dialer: Dialer): Subresource =>
  proxy({ resource: 'pods', options: 'PodProxyOptions' }, ({ info }, ctx) =>
    dialer.toPod({ namespace: info.namespace!, ...parseTarget('pod', info.name!) }, ctx),
  );

export const serviceProxy = (dialer: Dialer): Subresource =>
  proxy({ resource: 'services', options: 'ServiceProxyOptions' }, ({ info }) =>
    dialer.toService({ namespace: info.namespace!, ...parseTarget('service', info.name!), podsOnly: true }),
  );

/** A node's agent, with the API server's own credentials; any other port of the node without. */
export const nodeProxy = (dialer: Dialer): Subresource =>
  proxy({ resource: 'nodes', options: 'NodeProxyOptions' }, ({ info }) =>
    dialer.toNodePort(parseTarget('node', info.name!)),
  );
