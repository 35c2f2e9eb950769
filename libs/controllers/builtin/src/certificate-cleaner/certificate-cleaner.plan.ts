import { X509Certificate } from 'node:crypto';
import type { CertificateSigningRequest } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { parseWireTime } from '@kubernest/meta';

const hour: Milliseconds = 60 * 60 * 1000;
const kept = { decided: hour, undecided: 24 * hour };

/** Pure: when nobody needs the request any more; undefined: that cannot be told. */
export function endOf({ metadata, status }: CertificateSigningRequest): Date | undefined {
  const { conditions = [], certificate } = status ?? {};
  const after = (time: string | undefined, span: Milliseconds): number[] => {
    const since = time === undefined ? undefined : parseWireTime(time);
    return since ? [since.getTime() + span] : [];
  };
  const ends = conditions.flatMap(({ type, lastUpdateTime }) => {
    if (type === 'Denied' || type === 'Failed') return after(lastUpdateTime, kept.decided);
    if (type !== 'Approved') return [];
    return certificate
      ? [...after(lastUpdateTime, kept.decided), ...endOfCertificate(certificate)]
      : after(lastUpdateTime, kept.undecided);
  });
  if (conditions.length === 0) ends.push(...after(metadata.creationTimestamp, kept.undecided));
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}

function endOfCertificate(base64: string): number[] {
  try {
    return [new X509Certificate(Buffer.from(base64, 'base64')).validToDate.getTime()];
  } catch {
    return [];
  }
}
