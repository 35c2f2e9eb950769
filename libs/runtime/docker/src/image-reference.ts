/** `repository[:tag][@digest]` as the engine's pull call wants it: without a tag it would fetch every tag there is. */
export function splitReference(reference: string): { readonly repository: string; readonly tag: string } {
  const at = reference.indexOf('@');
  if (at >= 0) return { repository: stripTag(reference.slice(0, at)), tag: reference.slice(at + 1) };
  const repository = stripTag(reference);
  return { repository, tag: reference === repository ? 'latest' : reference.slice(repository.length + 1) };
}

/** A colon before a slash belongs to a registry's port. */
function stripTag(name: string): string {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

const pattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;

/** The registry a reference names, as the engine reads it. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  return rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost') ? first : 'docker.io';
}

/** Why `reference` can be no image's name; undefined when it can. */
export function referenceFault(reference: string): string | undefined {
  const { repository, tag } = splitReference(reference);
  const registry = registryOf(reference);
  const path = repository.startsWith(`${registry}/`) ? repository.slice(registry.length + 1) : repository;
  const goodTag = /^[\w][\w.-]{0,127}$/.test(tag) || /^[a-z0-9]+:[a-f0-9]{32,}$/.test(tag);
  return goodTag && path.split('/').every((part) => pattern.test(part))
    ? undefined
    : `couldn't parse image name ${JSON.stringify(reference)}: invalid reference format`;
}
