import { enableCompileCache, flushCompileCache } from 'node:module';
import { type Context, isAborted, messageOf, systemClock } from '@kubernest/kit';
import {
  announceFailure,
  announceReady,
  asksForHelp,
  exitCodeOf,
  faultLine,
  readCommandLine,
  rootSignal,
  startBeating,
  stdoutLogger,
} from '@kubernest/process';
import { help, readConfig } from './config.ts';
import { dockerNode, tearDown } from './docker-node.ts';
import { hollowNode } from './hollow-node.ts';

enableCompileCache();

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (asksForHelp(args)) return console.log(help());
  startBeating();
  const config = readCommandLine('agent', () => readConfig(args));
  const ctx: Context = { signal: rootSignal(), clock: systemClock, log: stdoutLogger('agent', config.logLevel) };
  if (config.runtime === 'docker' && config.teardown) return await tearDown(config, ctx);
  const node = config.runtime === 'docker' ? await dockerNode(config, ctx) : hollowNode(config);
  const { done } = await node.start(ctx);
  ctx.log.info('ready');
  announceReady();
  flushCompileCache();
  await done;
}

main().then(
  // What still hangs on a socket would keep the process; everything of ours has ended.
  () => process.exit(process.exitCode ?? 0),
  async (error: unknown) => {
    if (!isAborted(error)) {
      console.error(faultLine('agent', error));
      await announceFailure(messageOf(error));
    }
    process.exit(exitCodeOf(error));
  },
);
