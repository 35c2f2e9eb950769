import type { CertificateRequest } from './certificate.ts';

/** Who needs a certificate of the cluster's authority, in the subjects that Kubernetes gives meaning to. */
export const adminIdentity: CertificateRequest = {
  commonName: 'kubernetes-admin',
  organizations: ['system:masters'],
  usage: 'client',
  // compat: it goes into people's kubeconfig, where some clients (fabric8) take a PKCS#8 key for RSA.
  keyType: 'rsa',
};

export const schedulerIdentity: CertificateRequest = { commonName: 'system:kube-scheduler', usage: 'client' };

export const controllerManagerIdentity: CertificateRequest = {
  commonName: 'system:kube-controller-manager',
  usage: 'client',
};

/**
 * How the API server presents itself to kubelets. In no group: the role `system:kubelet-api-admin` gives it what it needs of a kubelet's API,
 * so that who is shown it by mistake, or lets himself be taken for a kubelet, gains nothing else.
 */
export const apiserverKubeletClientIdentity: CertificateRequest = {
  commonName: 'kube-apiserver-kubelet-client',
  usage: 'client',
};

/** How the API server presents itself to aggregated APIs; signed by the front-proxy authority. */
export const frontProxyIdentity: CertificateRequest = { commonName: 'front-proxy-client', usage: 'client' };

/** A kubelet's identity towards the API server. */
export function nodeIdentity(nodeName: string): CertificateRequest {
  return { commonName: `system:node:${nodeName}`, organizations: ['system:nodes'], usage: 'client' };
}

/** The Service proxy of a node: it reads Services and endpoints, which is not a kubelet's business. */
export const kubeProxyIdentity: CertificateRequest = { commonName: 'system:kube-proxy', usage: 'client' };

/** A kubelet's own HTTPS server. */
export function kubeletServingIdentity(nodeName: string, addresses: readonly string[]): CertificateRequest {
  return {
    commonName: `system:node:${nodeName}`,
    organizations: ['system:nodes'],
    usage: 'server',
    dnsNames: [nodeName],
    ipAddresses: addresses,
  };
}

/** The API server's listener: the names that pods use, plus the machine's own. */
export function apiserverIdentity(options: {
  readonly dnsNames?: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly clusterDomain?: string;
}): CertificateRequest {
  const domain = options.clusterDomain ?? 'cluster.local';
  const inCluster = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${domain}`];
  return {
    commonName: 'kube-apiserver',
    usage: 'server',
    dnsNames: [...new Set(['localhost', ...inCluster, ...(options.dnsNames ?? [])])],
    ipAddresses: [...new Set(['127.0.0.1', '::1', ...options.ipAddresses])],
  };
}
