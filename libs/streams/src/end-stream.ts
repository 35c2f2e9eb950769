import type { Writable } from 'node:stream';

/** Ends a stream and waits until everything is handed over, or nobody takes it any more. */
export function endStream(stream: Writable | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!stream || stream.destroyed || stream.writableFinished) {
      resolve();
      return;
    }
    stream
      .once('finish', resolve)
      .once('close', resolve)
      .once('error', () => resolve());
    stream.end();
  });
}

export const endAll = async (streams: readonly (Writable | undefined)[]): Promise<void> => {
  await Promise.all(streams.map(endStream));
};

export function writeAndEnd(stream: Writable | undefined, text: string): Promise<void> {
  if (stream && text !== '' && !stream.destroyed && !stream.writableEnded) stream.write(text);
  return endStream(stream);
}
