import type { CertificateRequestFacts } from '@kubernest/kinds';
import { clientFault, servingFault } from '../shared/kubelet-certificates.ts';
import { signers } from '../shared/signing-requests.ts';

type Rule = (asked: CertificateRequestFacts, usages: readonly string[]) => string | undefined;

/** Whom the cluster's authority signs for, and why it would not. compat: Kubernetes signs `legacy-unknown` too, which v1 lets nobody ask for. */
const rules: Readonly<Record<string, Rule>> = {
  [signers.kubeletServing]: servingFault,
  [signers.kubeletClient]: clientFault,
  [signers.client]: (_asked, usages) => apiClientFault(usages),
};

export const ownSigners: readonly string[] = Object.keys(rules);

/** Pure: why the request is not signed; undefined when it is. The sentences are the wire's. */
export const signingFault = (
  signer: string,
  asked: CertificateRequestFacts,
  usages: readonly string[],
): string | undefined => rules[signer]!(asked, usages);

function apiClientFault(usages: readonly string[]): string | undefined {
  const other = usages.find((usage) => !['digital signature', 'key encipherment', 'client auth'].includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}
