import {
  applyPatch,
  bareType,
  checkPreconditions,
  decodePatch,
  methodRefused,
  patchKindOf,
  type Subresource,
} from '@kubernest/apiserver/engine';
import { type Pod, podOf, pods } from '../pod.ts';

/** Adds containers to a pod that runs, to look into it. Nothing else of the pod is changed here. */
export const podEphemeralContainers: Subresource = {
  of: pods,
  name: 'ephemeralcontainers',
  verbs: ['get', 'update', 'patch'],
  async handle(call, ctx) {
    const { verb, name, namespace } = call.info;
    if (verb === 'get') return call.encode(200, await podOf(call, ctx));
    if (verb !== 'update' && verb !== 'patch') throw methodRefused();
    const { schema } = call.definition;
    const wantedOf = verb === 'update' ? await replacement() : await patching();
    const target = { ref: { ...pods, version: 'v1' }, namespace, name: name!, subresource: 'ephemeralcontainers' };
    const written = await call.write.modify(
      target,
      call.writeAs,
      (draft) => {
        const pod = draft as Pod;
        const wanted = wantedOf(pod);
        checkPreconditions({ ...pods, name }, wanted.metadata, pod.metadata);
        const { ephemeralContainers } = wanted.spec;
        Object.assign(pod, { spec: { ...pod.spec, ephemeralContainers } });
      },
      ctx,
    );
    return call.encode(200, written);

    async function replacement(): Promise<() => Pod> {
      const wanted = await call.decode<Pod>(call.definition);
      return () => wanted;
    }
    async function patching(): Promise<(pod: Pod) => Pod> {
      const kind = patchKindOf(bareType(call.request.headers['content-type']));
      const { patch } = decodePatch(kind, await call.request.body(), false);
      // Applying is merging it: the list is owned as a whole.
      const how = kind === 'apply' ? 'strategic' : kind;
      return (pod) => call.settle(applyPatch(how, pod, patch, schema) as unknown as Pod);
    }
  },
};
