import { methodRefused, type Subresource } from '@kubernest/apiserver/contract';
import { type CertificateSigningRequest, stampConditions } from '@kubernest/kinds';
import { clone, type KubeObject } from '@kubernest/meta';
import { objectOf } from './object-of.ts';

const of = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' } as const;

/** Approves or denies a request for a certificate: writes the conditions and nothing else beside metadata. */
export const certificateApproval: Subresource = {
  of,
  name: 'approval',
  verbs: ['get', 'update', 'patch'],
  async handle(call, ctx) {
    const { verb, name } = call.info;
    if (verb === 'get') return call.encode(200, await objectOf(call, ctx));
    if (verb !== 'update' && verb !== 'patch') throw methodRefused();
    const wantedOf =
      verb === 'update' ? await replacement() : await call.patching<KubeObject>(call.definition, 'merge');
    const target = { ref: { ...of, version: 'v1' }, name: name!, subresource: 'approval' };
    const written = await call.write.modify(
      target,
      call.writeAs,
      (draft) => {
        const old = clone(draft);
        const { metadata, status } = wantedOf(draft) as CertificateSigningRequest;
        const { conditions, ...rest } = (old as CertificateSigningRequest).status ?? {};
        Object.assign(draft, {
          metadata: clone(metadata),
          status: { ...rest, ...(status?.conditions && { conditions: clone(status.conditions) }) },
        });
        stampConditions(draft, old, ctx.clock.now());
      },
      ctx,
    );
    return call.encode(200, written);

    async function replacement(): Promise<() => KubeObject> {
      const wanted = await call.decode<KubeObject>(call.definition);
      return () => wanted;
    }
  },
};
