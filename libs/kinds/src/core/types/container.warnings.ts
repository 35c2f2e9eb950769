import type { EnvVar } from '@kubernest/api-types/core/v1';
import { quoted, type Warn } from '@kubernest/definitions';
import { parseQuantity } from '@kubernest/meta';
import type { Placed } from './pod-containers.ts';

export function warnOfContainer({ container, path }: Placed, warn: Warn): void {
  const { resources, env } = container;
  if (resources)
    for (const name of bytes) {
      warnOfFraction(resources.limits, name, `${path}.resources.limits`, warn);
      warnOfFraction(resources.requests, name, `${path}.resources.requests`, warn);
    }
  if (env) warnOfEnv(env, `${path}.env`, warn);
}

type Amounts = Readonly<Record<string, string>>;

/** Resources that are counted in bytes. */
const bytes = ['memory', 'ephemeral-storage'] as const;

/** Fractions of bytes, of whichever resource has them. */
export function warnOfFractions(amounts: Amounts, path: string, warn: Warn): void {
  for (const name of bytes) warnOfFraction(amounts, name, path, warn);
}

/** A fraction of a byte. */
export function warnOfFraction(amounts: Amounts | undefined, name: string, path: string, warn: Warn): void {
  const amount = amounts?.[name];
  if (amount === undefined || parseQuantity(amount).nano % 1_000_000_000n === 0n) return;
  warn(`${path}[${name}]: fractional byte value ${quoted(amount)} is invalid, must be an integer`);
}

/** A second variable of a name is fine when its value is made from the first one's. */
function warnOfEnv(env: readonly EnvVar[], path: string, warn: Warn): void {
  const seen = new Set<string>();
  for (const [i, { name, value = '', valueFrom }] of env.entries()) {
    const reference = `$(${name})`;
    const hides = seen.has(name) && (valueFrom || value === reference || !value.includes(reference));
    seen.add(name);
    if (hides)
      warn(`${path}[${i}]: hides previous definition of ${quoted(name)}, which may be dropped when using apply`);
  }
}
