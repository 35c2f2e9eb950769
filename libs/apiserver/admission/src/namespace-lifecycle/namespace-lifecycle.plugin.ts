import type { AdmissionCall, AdmissionPlugin } from '@kubernest/apiserver/engine';
import { forbidden, type KubeObject, notFound, StatusError } from '@kubernest/meta';

const immortal = new Set(['default', 'kube-system', 'kube-public']);
const namespaces = { group: '', resource: 'namespaces' };

interface Namespace extends KubeObject {
  readonly status?: { readonly phase?: string };
}

const subject = ({ definition, object, info }: AdmissionCall) => {
  const name = object?.metadata.name ?? info.name;
  return { group: definition.group, resource: definition.plural, ...(name === undefined ? {} : { name }) };
};

/** Nothing is made in a namespace that is missing or going, and the system's own namespaces cannot be deleted. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'namespace-lifecycle',
  sees: { resources: ['*'], on: ['create', 'delete'] },
  // With the first `mutate`, so that what is wrong with the namespace is said before what is wrong within it.
  async mutate(call, read, ctx) {
    const { info, definition, operation } = call;
    if (operation === 'delete') {
      const refused = definition.group === '' && definition.plural === 'namespaces' && immortal.has(info.name ?? '');
      if (refused) throw forbidden(subject(call), 'this namespace may not be deleted');
      return;
    }
    const name = info.namespace;
    if (!definition.namespaced || name === undefined) return;
    const namespace = read.get<Namespace>(namespaces, name) ?? (await read.fetch<Namespace>(namespaces, name, ctx));
    if (!namespace) throw notFound({ ...namespaces, name });
    if (namespace.metadata.deletionTimestamp !== undefined || namespace.status?.phase === 'Terminating')
      throw terminating(call, name);
  },
};

function terminating(call: AdmissionCall, name: string): StatusError {
  const error = forbidden(
    subject(call),
    `unable to create new content in namespace ${name} because it is being terminated`,
  );
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${name} is being terminated`,
    field: 'metadata.namespace',
  };
  return new StatusError(error.code, error.reason, error.message, { ...error.details, causes: [cause] });
}
