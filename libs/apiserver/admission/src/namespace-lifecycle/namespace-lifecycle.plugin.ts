import type { Namespace } from '@kubernest/api-types/core/v1';
import {
  type AdmissionCall,
  type AdmissionPlugin,
  type Joined,
  type ObjectReader,
  subjectOf,
} from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { forbidden, notFound, StatusError } from '@kubernest/meta';

const immortal = new Set(['default', 'kube-system', 'kube-public']);
const namespaces = { group: '', resource: 'namespaces' };

/**
 * Nothing is made in a namespace that is missing or going, nor below what is left in it, and the system's own namespaces cannot be deleted. This process may not have
 * heard yet of what became of a namespace through another, so what is made is stored only while the namespace is as it was seen.
 */
export function namespaceLifecycle(): AdmissionPlugin {
  const seen = new WeakMap<AdmissionCall, Namespace>();
  return {
    name: 'namespace-lifecycle',
    // compat: of what is created below an object (a binding, an eviction, a token) as of the object itself; sessions are connects.
    sees: { resources: ['*'], subresources: ['*'], on: ['create', 'delete'] },
    // With the first `mutate`, so that what is wrong with the namespace is said before what is wrong within it.
    async mutate(call, read, ctx) {
      if (call.operation === 'delete') return checkDeletion(call);
      const name = namespaceOf(call);
      if (name === undefined) return false;
      const cached = read.get<Namespace>(namespaces, name);
      const namespace = cached && isOpen(cached) ? cached : await fetchNamespace(name, read, ctx);
      checkIsOpen(call, namespace);
      seen.set(call, namespace);
      return false;
    },
    joins(call, read, ctx) {
      const name = call.operation === 'create' ? namespaceOf(call) : undefined;
      if (name === undefined) return undefined;
      const lost = () => void seen.delete(call);
      const whileAsSeen = (object: Namespace): Joined => {
        checkIsOpen(call, object);
        return { unchanged: [{ ref: namespaces, object }], lost };
      };
      const known = seen.get(call);
      return known ? whileAsSeen(known) : fetchNamespace(name, read, ctx).then(whileAsSeen);
    },
  };
}

function checkDeletion(call: AdmissionCall): false {
  const { definition, info } = call;
  if (definition.group === '' && definition.plural === 'namespaces' && immortal.has(info.name ?? ''))
    throw forbidden(subjectOf(call), 'this namespace may not be deleted');
  return false;
}

/** compat: a review of who may do what in a namespace tells nobody whether there is one. */
const namespaceOf = ({ definition, info }: AdmissionCall): string | undefined =>
  definition.namespaced && !definition.virtual ? info.namespace : undefined;

async function fetchNamespace(name: string, read: ObjectReader, ctx: Context): Promise<Namespace> {
  const namespace = await read.fetch<Namespace>(namespaces, name, ctx);
  if (!namespace) throw notFound({ ...namespaces, name });
  return namespace;
}

const isOpen = ({ metadata, status }: Namespace): boolean =>
  metadata.deletionTimestamp === undefined && status?.phase !== 'Terminating';

function checkIsOpen(call: AdmissionCall, namespace: Namespace): void {
  if (!isOpen(namespace)) throw terminating(call, namespace.metadata.name!);
}

function terminating(call: AdmissionCall, name: string): StatusError {
  const error = forbidden(
    subjectOf(call),
    `unable to create new content in namespace ${name} because it is being terminated`,
  );
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${name} is being terminated`,
    field: 'metadata.namespace',
  };
  return new StatusError(error.code, error.reason, error.message, { ...error.details, causes: [cause] });
}
