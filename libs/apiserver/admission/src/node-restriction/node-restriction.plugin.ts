import { isDeepStrictEqual } from 'node:util';
import type { Node } from '@kubernest/api-types/core/v1';
import { nodeNameOf } from '@kubernest/apiserver/authn';
import { type AdmissionCall, type AdmissionPlugin, type ApiCore, subjectOf } from '@kubernest/apiserver/contract';
import { forbidden, ownValue, qualifiedResource } from '@kubernest/meta';
import { signingRequests } from '../signing-requests.ts';
import type { Asking, Fault } from './asking.ts';
import { certificateFault } from './node-certificates.ts';
import { forbiddenLabels } from './node-labels.ts';
import { podFault } from './node-pods.ts';
import { tokenFault } from './node-tokens.ts';

type Rule = (call: AdmissionCall, asking: Asking) => Fault | Promise<Fault>;

/** Narrows what a kubelet may write to its own Node and Lease, the pods bound to it, tokens for these pods, and certificates. */
export function nodeRestriction(core: Pick<ApiCore, 'authorize'>): AdmissionPlugin {
  return {
    name: 'node-restriction',
    sees: {
      resources: Object.keys(rules),
      subresources: ['*'],
      on: ['create', 'update', 'delete'],
    },
    validate(call, read, ctx) {
      const node = nodeNameOf(call.user);
      // Everybody else writes without waiting for an answer.
      return node === undefined ? undefined : mustBeOwn(call, { node, read, core, ctx });
    },
  };
}

async function mustBeOwn(call: AdmissionCall, asking: Asking): Promise<void> {
  const { group, plural } = call.definition;
  const why = await ownValue(rules, qualifiedResource({ group, resource: plural }))?.(call, asking);
  if (why === undefined) return;
  throw forbidden(subjectOf(call), why);
}

const rules: Readonly<Record<string, Rule>> = {
  nodes: nodeFault,
  pods: podFault,
  serviceaccounts: tokenFault,
  'leases.coordination.k8s.io': leaseFault,
  [signingRequests]: certificateFault,
};

function nodeFault(call: AdmissionCall, { node }: Asking): Fault {
  const name = call.object?.metadata.name ?? call.info.name;
  if (name !== node) return `node "${node}" is not allowed to modify node "${name}"`;
  const labels = forbiddenLabels(call.object?.metadata.labels, call.old?.metadata.labels).join(', ');
  const source = (call.object as Node | undefined)?.spec?.configSource;
  if (call.operation === 'create' && source)
    return `node "${node}" is not allowed to create pods with a non-nil configSource`;
  if (call.operation === 'create')
    return labels ? `node "${node}" is not allowed to set the following labels: ${labels}` : undefined;
  if (call.operation !== 'update') return undefined;
  const [now, old] = [call.object as Node, call.old as Node];
  // What a node reads follows from its spec.
  if (source && !isDeepStrictEqual(source, old.spec?.configSource))
    return `node "${node}" is not allowed to update configSource to a new non-nil configSource`;
  if (!isDeepStrictEqual(old.spec?.taints ?? [], now.spec?.taints ?? []))
    return `node "${node}" is not allowed to modify taints`;
  // An owner that is gone takes its objects with it: a node could delete itself so.
  if (!isDeepStrictEqual(old.metadata.ownerReferences ?? [], now.metadata.ownerReferences ?? []))
    return `node "${node}" is not allowed to modify ownerReferences`;
  return labels ? `is not allowed to modify labels: ${labels}` : undefined;
}

function leaseFault(call: AdmissionCall, { node }: Asking): Fault {
  if (call.info.namespace !== 'kube-node-lease')
    return `can only access leases in the "kube-node-lease" system namespace`;
  const name = call.object?.metadata.name ?? call.info.name;
  return name === node ? undefined : 'can only access node lease with the same name as the requesting node';
}
