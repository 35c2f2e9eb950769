import { ageColumn, type Column, nameColumn, textColumn } from '@kubernest/definitions';
import { formatAge } from '@kubernest/meta';
import type { CertificateSigningRequest } from '../../types.ts';

/** `Approved,Issued` */
function conditionText({ status }: CertificateSigningRequest): string {
  const has = (type: string) => status?.conditions?.some((each) => each.type === type);
  const decided = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return [decided, ...(has('Failed') ? ['Failed'] : []), ...(status?.certificate ? ['Issued'] : [])].join(',');
}

export const certificateSigningRequestColumns: readonly Column<CertificateSigningRequest>[] = [
  nameColumn,
  ageColumn,
  textColumn('SignerName', 'Who is asked to sign.', ({ spec }) => spec?.signerName || '<none>'),
  textColumn('Requestor', 'Who asks.', ({ spec }) => spec?.username ?? ''),
  textColumn('RequestedDuration', 'How long the certificate is asked to last.', ({ spec }) =>
    spec?.expirationSeconds === undefined ? '<none>' : formatAge(spec.expirationSeconds * 1000),
  ),
  textColumn('Condition', 'What was decided, and whether there is a certificate.', conditionText),
];
