/** The value at `spec.replicas`; undefined when a step is missing. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const step of stepsOf(path)) value = (value as Record<string, unknown> | undefined)?.[step];
  return value;
}

/** Sets it in place, making what is missing on the way. */
export function setAt(object: object, path: string, value: unknown): void {
  const steps = stepsOf(path);
  const last = steps.pop()!;
  let target = object as Record<string, unknown>;
  for (const step of steps) {
    target[step] ??= {};
    target = target[step] as Record<string, unknown>;
  }
  target[last] = value;
}

const stepsOf = (path: string): string[] => path.split('.').filter((step) => step !== '');
