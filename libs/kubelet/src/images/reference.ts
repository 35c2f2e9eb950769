/** A reference people write, checked and completed: `busybox` becomes `busybox:latest`. */
export function completeReference(image: string): string {
  const [name = '', digest] = image.split('@', 2);
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  const path = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  const first = path.split('/')[0] ?? '';
  const host = path.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : undefined;
  const repository = host === undefined ? path : path.slice(host.length + 1);
  const valid =
    repository.split('/').every((part) => /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(part)) &&
    (tag === undefined || /^\w[\w.-]{0,127}$/.test(tag)) &&
    (digest === undefined || /^[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,}$/.test(digest)) &&
    (host === undefined || /^[A-Za-z0-9.-]+(?::\d+)?$/.test(host));
  if (!valid && !/^(sha256:)?[0-9a-f]{64}$/.test(image))
    throw new Error(`couldn't parse image name "${image}": invalid reference format`);
  return tag === undefined && digest === undefined && !/^(sha256:)?[0-9a-f]{64}$/.test(image)
    ? `${image}:latest`
    : image;
}

/** The registry that serves a reference: credentials are chosen by it. */
export function registryOf(reference: string): string {
  const first = reference.split('/')[0] ?? '';
  return reference.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}
