/** A draft, or a part of one, while defaults are filled in. */
export type Part = Record<string, unknown>;

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The struct in this field, if it is there. */
export function partAt(owner: Part | undefined, field: string): Part | undefined {
  const value = owner?.[field];
  return isPart(value) ? value : undefined;
}

/** The struct in this field, made when it is not there. */
export function ensurePart(owner: Part, field: string): Part {
  const found = partAt(owner, field);
  if (found) return found;
  const made: Part = {};
  owner[field] = made;
  return made;
}

/** The structs in this list; none when it is not there. */
export function partsAt(owner: Part | undefined, field: string): readonly Part[] {
  const value = owner?.[field];
  return Array.isArray(value) ? value.filter(isPart) : [];
}

/** Fills in what is absent. */
export function fillIn(owner: Part | undefined, values: Part): void {
  if (!owner) return;
  for (const key of Object.keys(values)) owner[key] ??= values[key];
}
