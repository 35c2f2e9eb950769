import { parseIpv4Range } from '@kubernest/meta';
import { maxIndex } from './ranges.ts';

type Check = readonly [name: string, isRight: (value: unknown) => boolean, what: string];

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isRange = (value: unknown): boolean => typeof value === 'string' && parseIpv4Range(value) !== undefined;

/** What a cluster may be called. */
export const isClusterName = (name: unknown): boolean =>
  typeof name === 'string' && /^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(name);

/** `30000-32767` */
export function isPortRange(value: unknown): boolean {
  const [, from, to] = (/^(\d{1,5})-(\d{1,5})$/.exec(String(value)) ?? []).map(Number);
  return Boolean(from && to) && from! <= to! && to! <= 65_535;
}

const isRuntime = (value: unknown): boolean => value === 'docker' || value === 'hollow';
const absentOr =
  (isRight: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || isRight(value);
const numberUpTo =
  (most: number, least = 0) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const isPort = numberUpTo(65_535, 1);

const checks: readonly Check[] = [
  ['index', numberUpTo(maxIndex), `is no number from 0 to ${maxIndex}`],
  ['apiPort', isPort, 'is no port'],
  ['kubeletPort', isPort, 'is no port'],
  ['name', isClusterName, 'is no name of a cluster'],
  ['store', isText, 'is no text'],
  ['nodeName', absentOr(isText), 'is no text'],
  ['nodePorts', absentOr(isPortRange), 'is no range of ports'],
  ['podCidr', absentOr(isRange), 'is no IPv4 range'],
  ['serviceCidr', absentOr(isRange), 'is no IPv4 range'],
  ['runtime', absentOr(isRuntime), 'is no runtime'],
  ['hollowNodes', absentOr(numberUpTo(Number.MAX_SAFE_INTEGER)), 'is no count'],
];

/** What is no fact of a cluster, so that whoever reads the rest may rely on it. A newer format is nobody's fault here. */
export function faultOfFacts(read: unknown, format: number): string | undefined {
  if (typeof read !== 'object' || read === null) return 'it holds no object';
  const facts = read as Readonly<Record<string, unknown>>;
  if (!numberUpTo(Number.MAX_SAFE_INTEGER)(facts['format'])) return 'format is no number';
  if ((facts['format'] as number) > format) return undefined;
  const wrong = checks.find(([name, isRight]) => !isRight(facts[name]));
  return wrong && `${wrong[0]} ${wrong[2]}`;
}
