import type { CertificateRequestFacts } from '@kubernest/kinds';

type Asked = Pick<
  CertificateRequestFacts,
  'commonName' | 'organizations' | 'dnsNames' | 'ipAddresses' | 'emailAddresses' | 'uris'
>;

/** Why a request is not one for a kubelet's HTTPS server; undefined when it is. The sentences are the wire's. */
export function servingFault(asked: Asked, usages: readonly string[]): string | undefined {
  const { dnsNames, ipAddresses, emailAddresses, uris, commonName } = asked;
  if (!isOfNodes(asked)) return 'subject organization is not system:nodes';
  if (dnsNames.length === 0 && ipAddresses.length === 0) return 'DNS or IP subjectAltName is required';
  if (emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  if (uris.length > 0) return 'URI subjectAltNames are not allowed';
  return usagesFault('server auth', usages) ?? nameFault(commonName);
}

/** The same of one for a kubelet as a client of the API. */
export function clientFault(asked: Asked, usages: readonly string[]): string | undefined {
  const { dnsNames, ipAddresses, emailAddresses, uris, commonName } = asked;
  if (!isOfNodes(asked)) return 'subject organization is not system:nodes';
  if (dnsNames.length > 0) return 'DNS subjectAltNames are not allowed';
  if (emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  if (ipAddresses.length > 0) return 'IP subjectAltNames are not allowed';
  if (uris.length > 0) return 'URI subjectAltNames are not allowed';
  return nameFault(commonName) ?? usagesFault('client auth', usages);
}

const isOfNodes = ({ organizations }: Asked): boolean =>
  organizations.length === 1 && organizations[0] === 'system:nodes';

const nameFault = (commonName: string): string | undefined =>
  commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:';

/** A key that is not RSA has no use for enciphering others. */
function usagesFault(purpose: string, usages: readonly string[]): string | undefined {
  const all = ['digital signature', 'key encipherment', purpose];
  const given = new Set(usages);
  const needed = given.has('key encipherment') ? all : all.filter((usage) => usage !== 'key encipherment');
  const fits = given.size === needed.length && needed.every((usage) => given.has(usage));
  return fits ? undefined : `usages did not match [${all.join(' ')}]`;
}
