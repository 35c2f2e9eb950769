import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, Current, type Milliseconds, messageOf, type Runnable } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';
import { isReachable, type MachineResolver, serversIn } from './resolv-conf.ts';

const ownFile = 'etc/resolv.conf';
/** Where the machine asks a resolver of its own, those who run one say whom that asks: systemd-resolved, NetworkManager. */
const upstreamFiles = ['run/systemd/resolve/resolv.conf', 'run/NetworkManager/no-stub-resolv.conf'];

/** Links, renames, mounts and files that are not there yet: to look is surer than to listen, and costs nothing. */
const LOOK_EVERY: Milliseconds = 10_000;

export async function readMachineResolver(root = '/'): Promise<MachineResolver> {
  const read = async (file: string): Promise<string> => (await ifThere(readFile(join(root, file), 'utf8'))) ?? '';
  const own = await read(ownFile);
  for (const upstream of [own, ...(await Promise.all(upstreamFiles.map(read)))])
    if (serversIn(upstream).some(isReachable)) return { own, upstream };
  return { own, upstream: '' };
}

/** The machine's resolver as it is now, and whoever keeps it so. Starting it reads it. */
export function followedMachineResolver(root?: string): {
  readonly resolver: Current<MachineResolver>;
  readonly follower: Runnable;
} {
  const resolver = new Current<MachineResolver>({ own: '', upstream: '' });
  const look = async (ctx: Context): Promise<void> => {
    const found = await readMachineResolver(root).catch((error: unknown) => {
      ctx.log.warn('cannot read what this machine asks for names', { error: messageOf(error) });
      return resolver.value;
    });
    const { own, upstream } = resolver.value;
    if (found.own !== own || found.upstream !== upstream) resolver.replace(found);
  };
  const run = async (ctx: Context): Promise<void> => {
    while (!ctx.signal.aborted) {
      await ctx.clock.sleep(LOOK_EVERY, ctx.signal).catch(() => {});
      if (!ctx.signal.aborted) await look(ctx);
    }
  };
  const start = async (ctx: Context) => {
    await look(ctx);
    return { done: run(ctx) };
  };
  return { resolver, follower: { name: 'machine resolver', start } };
}
