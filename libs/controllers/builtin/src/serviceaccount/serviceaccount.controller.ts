import type { Controller } from '@kubernest/controllers/engine';
import { isAlreadyExists, isNotFound } from '@kubernest/meta';
import { refs } from '../shared/refs.ts';

const NAME = 'default';

/** Every namespace has the service account `default`, which pods use that name none. */
export const serviceaccount: Controller = {
  name: 'serviceaccount',
  serviceAccount: 'service-account-controller',
  reconciles: refs.namespaces,
  watches: [
    { ref: refs.namespaces },
    { ref: refs.serviceAccounts, keys: ({ metadata }) => (metadata.name === NAME ? [metadata.namespace!] : []) },
  ],
  writes: [{ group: '', resource: 'serviceaccounts', verbs: ['create'] }],
  async reconcile(name, ctx) {
    const namespace = ctx.informers.of(refs.namespaces).get(name);
    if (!namespace || namespace.metadata.deletionTimestamp) return 'done';
    if (ctx.informers.of(refs.serviceAccounts).get(`${name}/${NAME}`)) return 'done';
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: name } };
    await ctx.client
      .resource(refs.serviceAccounts)
      .create(account, {}, ctx)
      .catch((error: unknown) => {
        if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
      });
    return 'done';
  },
};
