import { type Context, isAborted, type Milliseconds, messageOf, type Runnable, sleepUntil } from '@kubernest/kit';
import { isDiskFull } from '@kubernest/pki';
import type { ApiserverConfig } from './apiserver.config.ts';
import { writeCredentials } from './credentials.ts';
import { renewSecrets, type ServerSecrets } from './secrets.ts';

const atLeast: Milliseconds = 60_000;

/** Keeps the certificates of this server and of this machine's people and agents fresh: whoever uses one is told, nobody has to start again. */
export function certificates(config: ApiserverConfig, secrets: ServerSecrets): Runnable {
  return {
    name: 'certificates',
    async start(ctx) {
      const due = await renew(config, secrets, ctx).catch((error: unknown) => {
        if (!isDiskFull(error)) throw error;
        ctx.log.error(`certificates could not be written, trying again: ${messageOf(error)}`);
        return ctx.clock.now();
      });
      return {
        done: keepFresh(config, secrets, due, ctx).catch((error: unknown) => {
          if (!ctx.signal.aborted && !isAborted(error)) throw error;
        }),
      };
    },
  };
}

/** Resolves with when the next of them is due. */
async function renew(config: ApiserverConfig, secrets: ServerSecrets, ctx: Context): Promise<Date> {
  const due = [...(await renewSecrets(config, secrets, ctx)), ...(await writeCredentials(config, secrets, ctx))];
  return new Date(Math.min(...due.map(Number)));
}

async function keepFresh(config: ApiserverConfig, secrets: ServerSecrets, first: Date, ctx: Context): Promise<void> {
  let due = first;
  for (;;) {
    await sleepUntil(due, ctx);
    // An authority near its own end gives certificates that are due at once.
    await ctx.clock.sleep(atLeast, ctx.signal);
    try {
      due = await renew(config, secrets, ctx);
      ctx.log.info('certificates are renewed', { nextAt: due });
    } catch (error) {
      if (ctx.signal.aborted) throw error;
      ctx.log.error(`certificates could not be renewed, trying again: ${messageOf(error)}`);
    }
  }
}
