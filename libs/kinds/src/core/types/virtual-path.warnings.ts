import type { Volume, VolumeProjection } from '@kubernest/api-types/core/v1';
import { mostPairs, quoted, type Warn } from '@kubernest/definitions';
import { withoutEnd } from '@kubernest/meta';

/** A file or folder that a volume makes, and what from, where it may be from several. */
interface MadePath {
  readonly path: string;
  readonly source: string;
}

interface Item {
  readonly path: string;
}

const fileOf = (volume: string, from: string, overlap: string): string =>
  `volume ${quoted(volume)} (${from}): overlapping paths: ${overlap}`;

/** Files that a volume makes over each other, or below each other as if one were a folder. */
export function warnOfVirtualPaths({ name, configMap, secret, downwardAPI, projected }: Volume, warn: Warn): void {
  const single = (items: readonly Item[], from: string): void => {
    for (const each of overlaps(items.map(({ path }) => ({ path, source: '' })))) warn(fileOf(name, from, each));
  };
  if (configMap?.items) single(configMap.items, `ConfigMap ${quoted(configMap.name ?? '')}`);
  if (secret?.items) single(secret.items, `Secret ${quoted(secret.secretName ?? '')}`);
  if (downwardAPI?.items) single(downwardAPI.items, 'DownwardAPI');
  if (!projected?.sources) return;
  for (const source of projected.sources)
    if (Object.keys(source).length === 0) warn(`volume ${quoted(name)} (Projected) has no sources provided`);
  for (const each of overlaps(projected.sources.flatMap(madeBy))) warn(fileOf(name, 'Projected', each));
}

function madeBy(projection: VolumeProjection): MadePath[] {
  const { configMap, secret, downwardAPI, serviceAccountToken: token } = projection;
  const { clusterTrustBundle: bundle, podCertificate: certificate } = projection;
  const from = (items: readonly Item[], source: string): MadePath[] => items.map(({ path }) => ({ path, source }));
  if (configMap?.items) return from(configMap.items, `ConfigMap ${quoted(configMap.name ?? '')}`);
  if (secret?.items) return from(secret.items, `Secret ${quoted(secret.name ?? '')}`);
  if (downwardAPI?.items) return from(downwardAPI.items, 'DownwardAPI');
  if (token) return [{ path: token.path, source: 'ServiceAccountToken' }];
  if (bundle) {
    const name = bundle.name ?? bundle.signerName ?? '';
    return [{ path: bundle.path, source: `ClusterTrustBundle ${quoted(name)}` }];
  }
  const { certificateChainPath, keyPath, credentialBundlePath } = certificate ?? {};
  return [
    { path: certificateChainPath ?? '', source: 'PodCertificate chain' },
    { path: keyPath ?? '', source: 'PodCertificate key' },
    { path: credentialBundlePath ?? '', source: 'PodCertificate credential bundle' },
  ].filter(({ path }) => path !== '');
}

/** The longest path that Linux has. */
const longestPath = 4096;

/** Each path against those before it. */
function overlaps(paths: readonly MadePath[]): string[] {
  const before = new PathTree();
  const overlaps: string[] = [];
  for (const { path, source } of paths) {
    const made = { path: withoutEnd(path, '/'), source };
    if (made.path === '' || made.path.length > longestPath) continue;
    const found = before.add(made, mostPairs - overlaps.length);
    overlaps.push(...found.map((other) => `${nameOf(made)} with ${nameOf(other)}`));
    if (overlaps.length >= mostPairs) break;
  }
  return overlaps;
}

const nameOf = ({ path, source }: MadePath): string => quoted(path) + (source ? ` (${source})` : '');

/** Paths by their segments, so that finding those that overlap costs their length and not their number. */
class PathTree {
  readonly #made: { readonly order: number; readonly path: MadePath }[] = [];
  readonly #below = new Map<string, PathTree>();
  #count = 0;

  /** At most `most` of those that lie on the way to `made`, at it or below it, in the order in which they came. */
  add(made: MadePath, most: number): MadePath[] {
    const found: { order: number; path: MadePath }[] = [];
    let at: PathTree = this;
    for (const segment of made.path.split('/')) {
      found.push(...at.#made);
      let next = at.#below.get(segment);
      if (!next) {
        next = new PathTree();
        at.#below.set(segment, next);
      }
      at = next;
    }
    at.#collect(found, most);
    at.#made.push({ order: this.#count++, path: made });
    return found
      .sort((a, b) => a.order - b.order)
      .slice(0, most)
      .map(({ path }) => path);
  }

  #collect(found: { order: number; path: MadePath }[], most: number): void {
    if (found.length >= most) return;
    found.push(...this.#made);
    for (const each of this.#below.values()) each.#collect(found, most);
  }
}
