import { type Json, type JsonObject, Rests, type Steps } from '@kubernest/meta';

const holdsOthers = (value: Json): boolean => typeof value === 'object' && value !== null;

/**
 * Whether an object, its metadata aside, has more than so many levels. Level by level, so that it may be as deep as it likes; linear, in
 * steps.
 */
export function* isDeeperThan(object: JsonObject, most: number): Steps<boolean> {
  const rests = new Rests();
  let level: Json[] = [object];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > most) return true;
    const below: Json[] = [];
    for (const holder of level) {
      if (rests.isDue()) yield;
      // By keys: the values of a very wide object cannot be listed in steps, and take much longer.
      const members = Array.isArray(holder) ? holder : Object.keys(holder as JsonObject);
      for (const each of members) {
        if (rests.isDue()) yield;
        const member = Array.isArray(holder) ? each : (holder as JsonObject)[each as string]!;
        if (holdsOthers(member) && member !== object['metadata']) below.push(member);
      }
    }
    level = below;
  }
  return false;
}
