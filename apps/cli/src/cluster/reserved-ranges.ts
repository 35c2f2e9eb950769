import { overlap } from './ranges.ts';

/** Ranges that mean the same on every machine (RFC 6890), and can be nobody's pods or Services. */
const reserved: readonly (readonly [cidr: string, what: string])[] = [
  ['0.0.0.0/8', 'no machine in particular'],
  ['127.0.0.0/8', 'the machine itself'],
  ['169.254.0.0/16', 'machines of one link'],
  ['224.0.0.0/4', 'groups of machines'],
  ['240.0.0.0/4', 'nobody yet'],
];

/** Why a range cannot be used anywhere; undefined where it can. */
export function reservedFor(range: string): string | undefined {
  const [cidr, what] = reserved.find(([cidr]) => overlap(cidr, range)) ?? [];
  return cidr && `${cidr} stands for ${what}`;
}
