import { parseIpv4Range } from '@kubernest/meta';
import { maxIndex } from './ranges.ts';

/** What a cluster may be called. */
export const isClusterName = (name: unknown): boolean =>
  typeof name === 'string' && /^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(name);

type Check = readonly [fits: (value: unknown) => boolean, what: string];

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const port: Check = [(value) => isWhole(value, 1, 65535), 'no port'];
const range: Check = [(value) => typeof value === 'string' && parseIpv4Range(value) !== undefined, 'no IPv4 range'];

/** Facts that every cluster has, and those that it may have. What is asked for by a flag is judged there, once. */
const needed: Readonly<Record<string, Check>> = {
  index: [(value) => isWhole(value, 0, maxIndex), `no number from 0 to ${maxIndex}`],
  apiPort: port,
  kubeletPort: port,
  name: [isClusterName, 'no name of a cluster'],
  store: [isText, 'no text'],
};
const possible: Readonly<Record<string, Check>> = {
  nodePorts: [(value) => typeof value === 'string' && isPortRange(value), 'no range of ports'],
  nodeName: [isText, 'no text'],
  podCidr: range,
  serviceCidr: range,
};

/** `30000-32767` */
export function isPortRange(text: string): boolean {
  const [, from, to] = (/^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).map(Number);
  return Boolean(from && to) && from! <= to! && to! <= 65535;
}

/** What is no fact of a cluster, of the format that this program knows. */
export function faultOf(facts: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, [fits, what]] of Object.entries({ ...needed, ...possible })) {
    const value = facts[name];
    if (value === undefined && name in possible) continue;
    if (!fits(value)) return `${name} is ${what}`;
  }
  return undefined;
}
