import { join } from 'node:path';

/** Of an own engine's sockets the one with the longest name. */
const longestSocket = 'docker/exec/containerd/containerd.sock.ttrpc';
/** `sun_path` of unix(7), less the zero at its end. */
const longestAddress = 107;

/** Why no engine of its own can have its data below this data directory; undefined where one can. */
export function faultOfEnginePath(path: string): string | undefined {
  if (path.includes(',')) return 'has a comma in its name, which separates addresses to a Docker Engine';
  // It takes the name for a format, and makes a folder of what comes of that.
  if (path.includes('%')) return 'has a percent sign in its name, which a Docker Engine misreads';
  const over = Buffer.byteLength(join(path, longestSocket)) - longestAddress;
  return over > 0 ? `is too long for the sockets of a Docker Engine, by ${over} of its bytes` : undefined;
}
