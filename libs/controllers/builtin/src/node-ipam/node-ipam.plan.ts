/** The n-th block of `mask` bits within an IPv4 CIDR; undefined beyond its end. */
export function blockAt(cidr: string, mask: number, n: number): string | undefined {
  const [base = '', bits = ''] = cidr.split('/');
  if (n >= 2 ** (mask - Number(bits))) return undefined;
  const size = 2 ** (32 - mask);
  const first = base.split('.').reduce((value, octet) => value * 256 + Number(octet), 0) + n * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${mask}`;
}

/** The first block that nobody has. */
export function planPodCidr(cidr: string, mask: number, taken: ReadonlySet<string>): string | undefined {
  for (let n = 0; ; n++) {
    const block = blockAt(cidr, mask, n);
    if (block === undefined || !taken.has(block)) return block;
  }
}
