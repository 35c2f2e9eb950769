import type { Pod } from '@kubernest/api-types/core/v1';
import type { SubresourceCall } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { badRequest, notFound } from '@kubernest/meta';

interface Named {
  readonly name: string;
}

export const pods = { group: '', resource: 'pods' } as const;

export async function podOf({ read, info: { namespace, name } }: SubresourceCall, ctx: Context): Promise<Pod> {
  const key = `${namespace}/${name}`;
  const pod = read.get<Pod>(pods, key) ?? (await read.fetch<Pod>(pods, key, ctx));
  if (!pod) throw notFound({ ...pods, name: name! });
  return pod;
}

/** The container asked for, or the only (or default) one. Throws 400 with the names to choose from. */
export function containerOf(pod: Pod, asked: string | null): string {
  const { metadata } = pod;
  const spec = pod.spec!;
  const names = (list: readonly Named[] = []): string[] => list.map((each) => each.name);
  const main = names(spec.containers);
  if (asked) {
    const all = [...main, ...names(spec.initContainers), ...names(spec.ephemeralContainers)];
    if (!all.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
    return asked;
  }
  if (main.length === 1) return main[0]!;
  const preferred = metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred && main.includes(preferred)) return preferred;
  const init = names(spec.initContainers);
  const others = init.length > 0 ? ` or one of the init containers: [${init.join(' ')}]` : '';
  throw badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: [${main.join(' ')}]${others}`,
  );
}
