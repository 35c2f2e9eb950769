import type { Pod } from '@kubernest/api-types/core/v1';
import { checkPreconditions, methodRefused, type Subresource } from '@kubernest/apiserver/contract';
import { fieldInvalid, invalid } from '@kubernest/meta';
import { podOf, pods } from '../pod.ts';

/** Adds containers to a pod that runs, to look into it. Nothing else of the pod is changed here. */
export const podEphemeralContainers: Subresource = {
  of: pods,
  name: 'ephemeralcontainers',
  verbs: ['get', 'update', 'patch'],
  async handle(call, ctx) {
    const { verb, name, namespace } = call.info;
    if (verb === 'get') return call.encode(200, await podOf(call, ctx));
    if (verb !== 'update' && verb !== 'patch') throw methodRefused();
    // Applying is merging it: the list is owned as a whole.
    const wantedOf = verb === 'update' ? await replacement() : await call.patching<Pod>(call.definition, 'strategic');
    const target = { ref: { ...pods, version: 'v1' }, namespace, name: name!, subresource: 'ephemeralcontainers' };
    const written = await call.write.modify(
      target,
      call.writeAs,
      (draft) => {
        const pod = draft as Pod;
        const wanted = wantedOf(pod);
        if (verb === 'patch') refuseOtherUid(pod, wanted);
        checkPreconditions({ ...pods, name }, wanted.metadata, pod.metadata);
        const ephemeralContainers = wanted.spec?.ephemeralContainers;
        Object.assign(pod, { spec: { ...pod.spec, ephemeralContainers } });
      },
      ctx,
    );
    return call.encode(200, written);

    async function replacement(): Promise<() => Pod> {
      const wanted = await call.decode<Pod>(call.definition);
      return () => wanted;
    }
  },
};

/** compat: a patch makes of the pod another one, where a body that replaces it means another one. */
function refuseOtherUid({ metadata: { name = '', uid } }: Pod, wanted: Pod): void {
  const other = wanted.metadata.uid;
  if (other && other !== uid)
    throw invalid({ group: '', kind: 'Pod', name }, [fieldInvalid('metadata.uid', other, 'field is immutable')]);
}
