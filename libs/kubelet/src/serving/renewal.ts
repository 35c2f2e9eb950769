import { X509Certificate } from 'node:crypto';

/** A moment between 70 and 90 % of a certificate's life, so that nodes that came together do not ask together. `random`: from 0 to 1. */
export function renewalOf(certificate: string, random: number): Date {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  const life = validToDate.getTime() - validFromDate.getTime();
  return new Date(validFromDate.getTime() + life * (0.7 + 0.2 * random));
}
