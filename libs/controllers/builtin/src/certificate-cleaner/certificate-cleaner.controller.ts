import type { Controller } from '@kubernest/controllers/engine';
import type { CertificateSigningRequest } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { isNotFound } from '@kubernest/meta';
import { refs } from '../shared/refs.ts';
import { endOf } from './certificate-cleaner.plan.ts';

/** An end may lie beyond what a timer can wait for. */
const LOOK_AGAIN: Milliseconds = 24 * 60 * 60 * 1000;

/** Removes requests for certificates an hour after they were answered, and a day after nobody did. */
export const certificateCleaner: Controller = {
  name: 'certificate-cleaner',
  serviceAccount: 'certificate-controller',
  reconciles: refs.certificateSigningRequests,
  watches: [{ ref: refs.certificateSigningRequests }],
  writes: [{ group: refs.certificateSigningRequests.group, resource: 'certificatesigningrequests', verbs: ['delete'] }],
  async reconcile(name, ctx) {
    const csr = ctx.informers.of<CertificateSigningRequest>(refs.certificateSigningRequests).get(name);
    const end = csr && endOf(csr);
    if (!csr || !end) return 'done';
    const left = end.getTime() - ctx.clock.now().getTime();
    if (left >= 0) return { againAfter: Math.min(left + 1, LOOK_AGAIN) };
    const { uid } = csr.metadata;
    await ctx.client
      .resource(refs.certificateSigningRequests)
      .delete({ name }, { preconditions: { uid } }, ctx)
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    return 'done';
  },
};
