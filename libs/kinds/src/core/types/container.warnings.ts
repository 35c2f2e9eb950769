import { parseQuantity } from '@kubernest/meta';
import type { EnvVar, ResourceRequirements } from 'kubernetes-types/core/v1';
import { quoted } from '../../faults.ts';
import type { Placed } from './pod-containers.ts';

export const warnOfContainer = ({ container, path }: Placed): string[] => [
  ...warnOfResources(container.resources, `${path}.resources`),
  ...warnOfEnv(container.env ?? [], `${path}.env`),
];

const warnOfResources = ({ limits, requests }: ResourceRequirements = {}, path: string): string[] =>
  ['memory', 'ephemeral-storage'].flatMap((name) => [
    ...warnOfFraction(limits, name, `${path}.limits`),
    ...warnOfFraction(requests, name, `${path}.requests`),
  ]);

/** Fractions of bytes. */
export function warnOfFraction(
  amounts: Readonly<Record<string, string>> | undefined,
  name: string,
  path: string,
): string[] {
  const amount = amounts?.[name];
  if (amount === undefined) return [];
  if (parseQuantity(amount).nano % 1_000_000_000n === 0n) return [];
  return [`${path}[${name}]: fractional byte value ${quoted(amount)} is invalid, must be an integer`];
}

/** A second variable of a name is fine when its value is made from the first one's. */
function warnOfEnv(env: readonly EnvVar[], path: string): string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name, value = '', valueFrom }, i) => {
    const reference = `$(${name})`;
    const hides = seen.has(name) && (valueFrom || value === reference || !value.includes(reference));
    seen.add(name);
    if (!hides) return [];
    return [`${path}[${i}]: hides previous definition of ${quoted(name)}, which may be dropped when using apply`];
  });
}
