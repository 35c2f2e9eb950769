import type { Namespace } from '@kubernest/api-types/core/v1';
import { checkPreconditions, methodRefused, type Subresource } from '@kubernest/apiserver/contract';

const of = { group: '', resource: 'namespaces' } as const;

/** Changes what keeps a namespace from going; with nothing left to keep it, it goes. */
export const namespaceFinalize: Subresource = {
  of,
  name: 'finalize',
  verbs: ['update'],
  async handle(call, ctx) {
    if (call.info.verb !== 'update') throw methodRefused();
    const wanted = await call.decode<Namespace>(call.definition);
    const target = { ref: { ...of, version: 'v1' }, name: call.info.name!, subresource: 'finalize' };
    const written = await call.write.modify(
      target,
      call.writeAs,
      (draft) => {
        checkPreconditions({ ...of, name: call.info.name }, wanted.metadata, draft.metadata);
        const spec = { ...(draft as Namespace).spec, finalizers: wanted.spec?.finalizers ?? [] };
        Object.assign(draft, { spec });
      },
      ctx,
    );
    return call.encode(200, written);
  },
};
