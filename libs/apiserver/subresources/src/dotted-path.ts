import { isObject, type Json, type JsonObject, ownValue, setKey } from '@kubernest/meta';

/** The value at `spec.replicas`; undefined when a step is missing. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const step of stepsOf(path)) value = isObject(value) ? ownValue(value, step) : undefined;
  return value;
}

/** Sets it in place, making what is missing on the way. */
export function setAt(object: object, path: string, value: unknown): void {
  const steps = stepsOf(path);
  const last = steps.pop()!;
  let target = object as JsonObject;
  for (const step of steps) {
    const next = ownValue(target, step) ?? {};
    setKey(target, step, next);
    target = next as JsonObject;
  }
  setKey(target, last, value as Json);
}

const stepsOf = (path: string): string[] => path.split('.').filter((step) => step !== '');
