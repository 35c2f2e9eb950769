import type { ApiServer, WatchResponse } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import type { WatchEvent } from '@kubernest/meta';
import { Journal } from './journal.ts';
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
  const events = new Journal<WatchEvent<never>>();
  const ended = (response as WatchResponse).run(
    {
      writeBytes(bytes) {
        const text = Buffer.from(bytes).toString();
        chunks.push(text);
        for (const line of text.split('\n')) if (line !== '') events.add(JSON.parse(line));
        return true;
      },
    },
    ctx,
  );
  return {
    chunks,
    ended,
    stop: () => controller.abort(),
    next: (count) => events.next(count),
  };
}
