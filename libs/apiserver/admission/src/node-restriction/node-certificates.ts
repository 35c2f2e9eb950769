import type { AdmissionCall } from '@kubernest/apiserver/contract';
import { type CertificateSigningRequest, parseCertificateRequest } from '@kubernest/kinds';
import type { Asking, Fault } from './asking.ts';

const signers = ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet'];

/** A kubelet asks for certificates of its own name. What else they may say is for who signs. */
export function certificateFault(call: AdmissionCall, { node }: Asking): Fault {
  if (call.operation !== 'create') return undefined;
  const { spec } = call.object as CertificateSigningRequest;
  if (!signers.includes(spec.signerName)) return undefined;
  const name = `system:node:${node}`;
  return parseCertificateRequest(spec.request).commonName === name
    ? undefined
    : `can only create a node CSR with CN=${name}`;
}
