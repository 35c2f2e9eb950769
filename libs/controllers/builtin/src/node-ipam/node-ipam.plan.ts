import { ipv4Range, ipv4Text } from '@kubernest/meta';

/** The n-th block of `mask` bits within an IPv4 CIDR; undefined beyond its end. */
export function blockAt(cidr: string, mask: number, n: number): string | undefined {
  const { first, size } = ipv4Range(cidr);
  const block = 2 ** (32 - mask);
  return (n + 1) * block > size ? undefined : `${ipv4Text(first + n * block)}/${mask}`;
}

/** The first block that nobody has. */
export function planPodCidr(cidr: string, mask: number, taken: ReadonlySet<string>): string | undefined {
  for (let n = 0; ; n++) {
    const block = blockAt(cidr, mask, n);
    if (block === undefined || !taken.has(block)) return block;
  }
}
