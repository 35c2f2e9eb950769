import { parseIpv4Range } from '@kubernest/meta';
import { maxIndex } from './ranges.ts';

type Check = readonly [name: string, isRight: (value: unknown) => boolean, what: string];

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isRange = (value: unknown): boolean => typeof value === 'string' && parseIpv4Range(value) !== undefined;
const isPortRange = (value: unknown): boolean => typeof value === 'string' && /^\d{1,5}-\d{1,5}$/.test(value);
const isRuntime = (value: unknown): boolean => value === 'docker' || value === 'hollow';
const absentOr =
  (isRight: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || isRight(value);
const numberUpTo =
  (most: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

const checks: readonly Check[] = [
  ['index', numberUpTo(maxIndex), `is no number from 0 to ${maxIndex}`],
  ['apiPort', numberUpTo(65_535), 'is no number of a port'],
  ['kubeletPort', numberUpTo(65_535), 'is no number of a port'],
  ['name', isText, 'is no text'],
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
