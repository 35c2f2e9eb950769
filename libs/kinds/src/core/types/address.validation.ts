import {
  type FieldError,
  fieldInvalid,
  isLinkLocal,
  isLinkLocalMulticast,
  isLoopback,
  isUnspecified,
  parseIp,
} from '@kubernest/meta';

/** An address that somebody else can reach: not the machine's own, not the link's. */
export function validateReachable(text: string, field: string): FieldError[] {
  const address = parseIp(text);
  if (!address) return [fieldInvalid(field, text, 'must be a valid IP address')];
  const faults: string[] = [];
  if (isUnspecified(address)) faults.push(`may not be unspecified (${text})`);
  if (isLoopback(address)) faults.push('may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (isLinkLocal(address)) faults.push('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  if (isLinkLocalMulticast(address))
    faults.push('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  return faults.map((fault) => fieldInvalid(field, text, fault));
}

export const protocols: readonly string[] = ['SCTP', 'TCP', 'UDP'];
