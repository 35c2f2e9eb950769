import { type Context, childContext } from '@kubernest/kit';
import type { Json, KubeList, KubeObject, ResourceRef, StatusError, WatchEvent } from '@kubernest/meta';
import {
  type ApiCall,
  type Client,
  type DeleteOptions,
  FENCE_HEADER,
  type LeaseFence,
  type ListOptions,
  type ObjectKey,
  type PatchType,
  type ResourceClient,
  type Transport,
  type WatchOptions,
  type WriteOptions,
} from './client.ts';
import { collectionPath, listQuery, objectPath, watchQuery, withQuery, writeQuery } from './resource-path.ts';
import { retryAfter } from './retry-after.ts';
import { statusErrorOf } from './status-from.ts';

const patchContentType: Record<PatchType, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** Typed access over a transport; the transport decides who is asking. A call that is sent away for a moment (429) is made again. */
export function createClient(transport: Transport): Client {
  return clientOver(retryAfter(transport), undefined);
}

function clientOver(transport: Transport, fence: LeaseFence | undefined): Client {
  const fenceHeaders = fence && {
    [FENCE_HEADER]: `${fence.namespace}/${fence.name}=${fence.uid}/${fence.transitions}`,
  };
  const call = (request: ApiCall, ctx: Context) =>
    transport.call(
      fenceHeaders && request.method !== 'GET'
        ? { ...request, headers: { ...request.headers, ...fenceHeaders } }
        : request,
      ctx,
    );
  return {
    resource: <T extends KubeObject>(ref: ResourceRef) =>
      resourceClient<T>(ref, { call, watch: transport.watch.bind(transport) }),
    metadata: (ref) => {
      const shaped = (shape: Shape) =>
        resourceClient(ref, {
          call: (request, ctx) => call(accepting(request, shape), ctx),
          watch: (request, onEvent, ctx) => transport.watch(accepting(request, shape), onEvent, ctx),
        });
      const { list, deleteCollection } = shaped('PartialObjectMetadataList');
      return { ...shaped('PartialObjectMetadata'), list, deleteCollection };
    },
    raw: call,
    fencedBy: (newFence) => clientOver(transport, newFence),
  };
}

type Shape = 'PartialObjectMetadata' | 'PartialObjectMetadataList';

/** compat: whole objects are taken, too, as aggregated servers may know of nothing else. */
const accepting = (request: ApiCall, shape: Shape): ApiCall => ({
  ...request,
  headers: { accept: `application/json;as=${shape};g=meta.k8s.io;v=v1,application/json`, ...request.headers },
});

function resourceClient<T extends KubeObject>(ref: ResourceRef, transport: Transport): ResourceClient<T> {
  const send = async <R = T>(request: ApiCall, ctx: Context): Promise<R> =>
    (await transport.call(request, ctx)).object as R;
  const write = (method: 'POST' | 'PUT', path: string, object: T, options: WriteOptions, ctx: Context): Promise<T> =>
    send({ method, path: withQuery(path, writeQuery(options)), body: object as unknown as Json }, ctx);
  const keyOfObject = (object: T): ObjectKey => ({
    namespace: object.metadata.namespace,
    name: object.metadata.name ?? '',
  });
  return {
    fetch: async (key, ctx) => send({ method: 'GET', path: objectPath(ref, key) }, ctx),
    list: async (options, ctx) => {
      const path = withQuery(collectionPath(ref, options.namespace), listQuery(options));
      const found = await send<KubeList<T>>({ method: 'GET', path }, ctx);
      // compat: servers written in Go may write none as null.
      return found.items ? found : { ...found, items: [] };
    },
    watch: (options, onEvent, ctx) => watch(ref, transport, options, onEvent, ctx),
    create: (object, options, ctx) =>
      write('POST', collectionPath(ref, object.metadata.namespace), object, options, ctx),
    update: async (object, options, ctx) => write('PUT', objectPath(ref, keyOfObject(object)), object, options, ctx),
    updateStatus: async (object, options, ctx) =>
      write('PUT', objectPath(ref, keyOfObject(object), 'status'), object, options, ctx),
    patch: async (key, patch, options, ctx) =>
      send(
        {
          method: 'PATCH',
          path: withQuery(objectPath(ref, key, patch.subresource), writeQuery(options)),
          headers: { 'content-type': patchContentType[patch.type] },
          body: patch.body,
        },
        ctx,
      ),
    delete: async (key, options, ctx) =>
      send<KubeObject>({ method: 'DELETE', path: objectPath(ref, key), body: deleteBody(options) }, ctx),
    deleteCollection: async (options: ListOptions, deleteOptions, ctx) => {
      const path = withQuery(collectionPath(ref, options.namespace), listQuery(options));
      await send({ method: 'DELETE', path, body: deleteBody(deleteOptions) }, ctx);
    },
    subresource: async (key, subresource, method, body, ctx) =>
      send({ method, path: objectPath(ref, key, subresource), ...(body === undefined ? {} : { body }) }, ctx),
  };
}

function deleteBody(options: DeleteOptions): Json {
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun } = options;
  const body: { [key: string]: Json } = { kind: 'DeleteOptions', apiVersion: 'v1' };
  if (gracePeriodSeconds !== undefined) body.gracePeriodSeconds = gracePeriodSeconds;
  if (propagationPolicy !== undefined) body.propagationPolicy = propagationPolicy;
  if (preconditions !== undefined) body.preconditions = { ...preconditions } as Json;
  if (dryRun) body.dryRun = ['All'];
  return body;
}

async function watch<T extends KubeObject>(
  ref: ResourceRef,
  transport: Transport,
  options: WatchOptions,
  onEvent: (event: WatchEvent<T>) => void,
  ctx: Context,
): Promise<void> {
  const path = withQuery(collectionPath(ref, options.namespace), watchQuery(options));
  const child = childContext(ctx);
  let refused: StatusError | undefined;
  const onRaw = (event: WatchEvent): void => {
    if (refused) return;
    if (event.type === 'ERROR') {
      refused = statusErrorOf(500, event.object);
      child.controller.abort(refused);
    } else onEvent(event as WatchEvent<T>);
  };
  try {
    await transport.watch({ method: 'GET', path }, onRaw, child.ctx);
  } catch (error) {
    throw refused ?? error;
  }
  if (refused) throw refused;
}
