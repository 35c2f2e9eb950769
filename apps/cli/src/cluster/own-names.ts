/** Everything that a cluster puts into its data directory, and the permissions that others may have of it at most. */
export const ownNames: ReadonlyMap<string, number> = new Map([
  ['admin.kubeconfig', 0o600],
  ['agent', 0o755],
  ['cluster.json', 0o644],
  ['docker', 0o755],
  ['log', 0o755],
  ['pki', 0o700],
  ['run', 0o700],
  ['sealing.key', 0o600],
  ['sqlite', 0o700],
]);

/** The name that a file has while it is written: `sealing.key.0a1b2c.new`. */
export const finalName = (name: string): string => name.replace(/(\.[0-9a-f]+)?\.new$/, '');

export const isOwnName = (name: string): boolean => ownNames.has(finalName(name));

/** What the making of a file system leaves in its top folder. */
export const isNobodys = (name: string): boolean => name === 'lost+found';
