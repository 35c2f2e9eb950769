import type { FieldError, Json, Steps } from '@kubernest/meta';
import { setKey } from '@kubernest/meta';

/** Of a longer value only the beginning is told. */
const MOST_MEMBERS = 8192;

/** compat: faults as Go tells them, which prints maps in order of their keys. */
export function* inOrderOfKeys(faults: readonly FieldError[]): Steps<FieldError[]> {
  const known = new Map<unknown, unknown>();
  const ordered = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (!known.has(value)) known.set(value, beginning(value as Json, { members: MOST_MEMBERS }));
    return known.get(value);
  };
  const told: FieldError[] = [];
  for (const fault of faults) {
    const { value } = fault;
    if (typeof value === 'object') yield;
    told.push(typeof value === 'object' ? { ...fault, value: ordered(value) } : fault);
  }
  return told;
}

function beginning(value: Json, left: { members: number }): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) if (left.members-- > 0) items.push(beginning(item, left));
    return items;
  }
  const members: { [key: string]: Json } = {};
  for (const key of Object.keys(value).sort()) {
    if (left.members-- <= 0) break;
    setKey(members, key, beginning(value[key]!, left));
  }
  return members;
}
