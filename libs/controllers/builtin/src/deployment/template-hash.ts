import type { Deployment } from '@kubernest/kinds';
import { SAFE_ALPHABET } from '../shared/random-name.ts';

/** A short, stable name for a pod template; the collision count gives another one where it is taken. */
export function templateHash(
  template: NonNullable<Deployment['spec']>['template'] | undefined,
  collisionCount: number | undefined,
): string {
  const text = JSON.stringify(template ?? {}, sorted) + (collisionCount === undefined ? '' : `#${collisionCount}`);
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return [...String(hash)].map((digit) => SAFE_ALPHABET[digit.charCodeAt(0) % SAFE_ALPHABET.length]).join('');
}

function sorted(_: string, value: unknown): unknown {
  if (!value || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
