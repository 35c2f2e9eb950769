/** `spec.replicas`; at the root just `spec`. */
export const childOf = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** compat: where a fault is the whole object's, which has no path, Go writes this. */
export const noPath = '<nil>';
