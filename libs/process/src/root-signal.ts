import type { Milliseconds } from '@kubernest/kit';

/** A terminal and npm both hand on the same Ctrl-C: signals this close together are one. */
const sameSignal: Milliseconds = 400;

/** Aborts at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
export function rootSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt: Milliseconds | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      controller.abort(new DOMException(`ended by ${name}`, 'AbortError'));
    } else if (now - firstAt > sameSignal) process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return controller.signal;
}
