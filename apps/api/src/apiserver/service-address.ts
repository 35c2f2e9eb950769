/** The n-th address of the service range: the first is the `kubernetes` Service's, the tenth is kept for DNS. */
export function serviceAddress(cidr: string, n: number): string {
  const base = cidr.split('/')[0]!.split('.').map(Number);
  const number = base.reduce((sum, part) => sum * 256 + part, 0) + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
