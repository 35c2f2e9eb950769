import type { Controller } from '@kubernest/controllers/engine';
import type { ConfigMap } from '@kubernest/kinds';
import { deepEqual, isAlreadyExists, isNotFound } from '@kubernest/meta';
import { refs } from '../shared/refs.ts';

const NAME = 'kube-root-ca.crt';
const DESCRIPTION = 'kubernetes.io/description';
const description =
  'The CA with which pods verify the API server at its address inside the cluster. Made by the control plane; changes are undone.';

/** Every namespace has the CA's certificate as a ConfigMap: service account volumes mount it. `rootCa` is PEM. */
export function rootCaPublisher(rootCa: string): Controller {
  const data = { 'ca.crt': rootCa };
  return {
    name: 'root-ca-publisher',
    serviceAccount: 'root-ca-cert-publisher',
    reconciles: refs.namespaces,
    watches: [
      { ref: refs.namespaces },
      { ref: refs.configMaps, keys: ({ metadata }) => (metadata.name === NAME ? [metadata.namespace!] : []) },
    ],
    writes: [{ group: '', resource: 'configmaps', verbs: ['create', 'update'] }],
    async reconcile(name, ctx) {
      const namespace = ctx.informers.of(refs.namespaces).get(name);
      if (!namespace || namespace.metadata.deletionTimestamp) return 'done';
      const api = ctx.client.resource<ConfigMap>(refs.configMaps);
      const found = ctx.informers.of<ConfigMap>(refs.configMaps).get(`${name}/${NAME}`);
      if (!found) {
        const metadata = { name: NAME, namespace: name, annotations: { [DESCRIPTION]: description } };
        await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, {}, ctx).catch((error: unknown) => {
          if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
        });
      } else if (!deepEqual(found.data, data)) {
        await api.update({ ...found, data }, {}, ctx);
      }
      return 'done';
    },
  };
}
