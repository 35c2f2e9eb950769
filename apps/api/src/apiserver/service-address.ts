import { ipv4Range, ipv4Text } from '@kubernest/meta';

/** The n-th address of the service range: the first is the `kubernetes` Service's, the tenth is kept for DNS. */
export const serviceAddress = (cidr: string, n: number): string => ipv4Text(ipv4Range(cidr).first + n);
