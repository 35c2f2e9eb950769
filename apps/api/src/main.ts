import 'reflect-metadata';
import { createServer } from 'node:http';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { isAborted, messageOf, systemClock } from '@kubernest/kit';
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
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.ts';
import { help, isRemote, readConfig } from './config/config.ts';
import { LifecycleModule } from './lifecycle/lifecycle.module.ts';

enableCompileCache();

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (asksForHelp(args)) return console.log(help());
  startBeating();
  const config = readCommandLine('server', () => readConfig(args));
  const signal = rootSignal();
  const log = stdoutLogger('api', config.logLevel);
  const begun = performance.now();
  // Nest's server never listens: ours does, and hands over what is the dashboard's.
  const adapter = new FastifyAdapter({
    serverFactory: (handler: Parameters<typeof createServer>[1]) => createServer(handler),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.of(config, { signal, clock: systemClock, log }),
    adapter,
    {
      logger: false,
      abortOnError: false,
    },
  );
  try {
    await app.init();
    const port = isRemote(config.api) ? {} : { port: config.api.port };
    log.info('ready', { ...port, tookMs: Math.round(performance.now() - begun) });
    announceReady();
    flushCompileCache();
    await app.get(LifecycleModule).done();
  } finally {
    await app.close();
  }
}

main().catch(async (error: unknown) => {
  if (!isAborted(error)) {
    console.error(faultLine('server', error));
    await announceFailure(messageOf(error));
  }
  // What was opened before the fault (the store's thread) would keep the process, and whoever waits for it.
  process.exit(exitCodeOf(error));
});
