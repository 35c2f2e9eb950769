/** Freezes all the way down. What is frozen already (a cache's object, in this process) is taken as frozen below, too. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Array.isArray(value) ? value : Object.values(value)) deepFreeze(member);
  return value;
}
