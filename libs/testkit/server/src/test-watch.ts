import type { ApiServer, WatchResponse } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import type { WatchEvent } from '@kubernest/meta';
import { requestFor } from './request-for.ts';

export interface TestWatch {
  next(count: number): Promise<WatchEvent<never>[]>;
  readonly ended: Promise<void>;
  /** What arrived in one write each. */
  readonly chunks: readonly string[];
  stop(): void;
}

export async function openTestWatch(
  server: ApiServer,
  parent: Context,
  url: string,
  headers?: Record<string, string>,
): Promise<TestWatch> {
  const controller = new AbortController();
  const ctx = { ...parent, signal: AbortSignal.any([parent.signal, controller.signal]) };
  const response = await server.handle(requestFor(`GET ${url}`, undefined, headers), ctx);
  if (response.kind !== 'watch')
    throw new Error(Buffer.concat((response as { body: readonly Uint8Array[] }).body).toString());
  const chunks: string[] = [];
  const events: WatchEvent<never>[] = [];
  let wake = () => {};
  const ended = (response as WatchResponse).run(
    {
      writeBytes(bytes) {
        const text = Buffer.from(bytes).toString();
        chunks.push(text);
        for (const line of text.split('\n')) if (line !== '') events.push(JSON.parse(line));
        wake();
        return true;
      },
    },
    ctx,
  );
  return {
    chunks,
    ended,
    stop: () => controller.abort(),
    async next(count) {
      while (events.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return events.splice(0, count);
    },
  };
}
