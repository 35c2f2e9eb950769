import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Context } from '@kubernest/kit';
import type { ContainerState } from '@kubernest/runtime/contract';
import { logOptions } from '../logs/log-lines.ts';
import { serveLog } from '../logs/serve-log.ts';
import type { NodeParts } from '../pods/node-parts.ts';
import { containersOf, uidOf } from '../pods/pod.ts';
import { instancesOf } from '../pods/pod-runtime.ts';
import type { PodWorkers } from '../pods/pod-workers.ts';
import { nodeMetrics, resourceMetrics, statsSummary } from '../status/stats.ts';
import type { Pod } from '../types.ts';
import { RouteError } from './route-error.ts';
import { connectAttach, connectExec, connectPortForward } from './sessions.ts';
import { findPod, runningContainer } from './targets.ts';

export interface NodeCall {
  readonly req: IncomingMessage;
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly parts: NodeParts;
  readonly workers: PodWorkers;
}

export interface NodeRoute {
  readonly path: RegExp;
  readonly methods: readonly string[];
  handle?(call: NodeCall & { readonly res: ServerResponse }, ctx: Context): Promise<void>;
  connect?(call: NodeCall & { readonly socket: Duplex; readonly head: Buffer }, ctx: Context): Promise<void>;
}

const GET = ['GET', 'HEAD'];
const UPGRADE = ['GET', 'POST'];

function sendJson(res: ServerResponse, body: unknown): void {
  sendText(res, JSON.stringify(body), 'application/json');
}

function sendText(res: ServerResponse, body: string, type = 'text/plain; version=0.0.4; charset=utf-8'): void {
  // Its length, that the answer to a HEAD, too, is known to have ended.
  res.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

async function containerLogs(call: NodeCall & { readonly res: ServerResponse }, ctx: Context): Promise<void> {
  const [namespace = '', podName = '', name = ''] = call.params;
  const pod = findPod(call, namespace, podName);
  if (!containersOf(pod).some((e) => e.container.name === name))
    throw new RouteError(404, `container "${name}" not found in pod "${podName}"`);
  let options: ReturnType<typeof logOptions>;
  try {
    options = logOptions(call.query, ctx.clock.now());
  } catch (error) {
    throw new RouteError(400, (error as Error).message);
  }
  const state = logInstance(call, pod, name, options.previous);
  call.res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'transfer-encoding': 'chunked' });
  call.res.flushHeaders();
  await serveLog(state, options, call.parts.view, call.res, ctx.signal);
  call.res.end();
}

function logInstance(call: NodeCall, pod: Pod, name: string, previous: boolean): ContainerState {
  const instances = instancesOf(call.parts.view.pod(uidOf(pod)), name).filter((c) => c.state !== 'created');
  const state = instances[previous ? 1 : 0];
  if (state) return state;
  if (previous)
    throw new RouteError(400, `previous terminated container "${name}" in pod "${pod.metadata.name}" not found`);
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  const waiting = statuses.find((s) => s.name === name)?.state?.waiting?.reason ?? 'ContainerCreating';
  const why = /Image/.test(waiting) ? 'trying and failing to pull image' : waiting;
  throw new RouteError(400, `container "${name}" in pod "${pod.metadata.name}" is waiting to start: ${why}`);
}

async function run(call: NodeCall & { readonly res: ServerResponse }, ctx: Context): Promise<void> {
  const [namespace = '', podName = '', name = ''] = call.params;
  const { state } = runningContainer(call, namespace, podName, name);
  const command = call.query.get('cmd')?.split(' ') ?? [];
  if (command.length === 0) throw new RouteError(400, 'cmd is missing');
  const result = await call.parts.runtime.execSync(state.id, command, 60, ctx);
  sendText(
    call.res,
    result.exitCode === 0 ? result.output : `${result.output}\ncommand terminated with exit code ${result.exitCode}`,
  );
}

const podList = (pods: readonly Pod[]) => ({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods });

/** The node's API, first match first. */
export const nodeRoutes: readonly NodeRoute[] = [
  {
    path: /^\/healthz(?:\/ping)?$/,
    methods: GET,
    handle: async ({ res, parts }) => {
      if (!parts.view.available) throw new RouteError(500, 'the container runtime is away');
      sendText(res, 'ok');
    },
  },
  { path: /^\/pods\/?$/, methods: GET, handle: async ({ res, workers }) => sendJson(res, podList(workers.pods)) },
  {
    path: /^\/runningpods\/?$/,
    methods: GET,
    handle: async ({ res, workers, parts }) => {
      sendJson(
        res,
        podList(workers.pods.filter((p) => parts.view.pod(uidOf(p)).containers.some((c) => c.state === 'running'))),
      );
    },
  },
  { path: /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/, methods: GET, handle: containerLogs },
  { path: /^\/run\/([^/]+)\/([^/]+)\/([^/]+)$/, methods: ['POST'], handle: run },
  { path: /^\/exec\/([^/]+)\/([^/]+)(?:\/[^/]+)?\/([^/]+)$/, methods: UPGRADE, connect: connectExec },
  { path: /^\/attach\/([^/]+)\/([^/]+)(?:\/[^/]+)?\/([^/]+)$/, methods: UPGRADE, connect: connectAttach },
  { path: /^\/portForward\/([^/]+)\/([^/]+)(?:\/[^/]+)?$/, methods: UPGRADE, connect: connectPortForward },
  {
    path: /^\/stats\/summary\/?$/,
    methods: GET,
    handle: async ({ res, workers, parts }, ctx) => sendJson(res, await statsSummary(workers, parts, ctx)),
  },
  {
    path: /^\/metrics\/resource$/,
    methods: GET,
    handle: async ({ res, workers, parts }, ctx) => sendText(res, await resourceMetrics(workers, parts, ctx)),
  },
  {
    path: /^\/metrics$/,
    methods: GET,
    handle: async ({ res, workers, parts }) => sendText(res, nodeMetrics(workers, parts)),
  },
];
