import type { Readable, Writable } from 'node:stream';
import type { Status } from '@kubernest/meta';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Which streams the request's query asked for. */
export interface RemoteCommandOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** The server's end of an exec or attach, whatever protocol the client speaks. */
export interface RemoteCommandChannels {
  /** The protocol agreed upon, e.g. `v5.channel.k8s.io`. */
  readonly protocol: string;
  /** Ends when the client closes its input (which v4 over WebSocket cannot say). */
  readonly stdin: Readable | undefined;
  readonly stdout: Writable | undefined;
  readonly stderr: Writable | undefined;
  /** The last size that came before is passed on at once. One listener. */
  onResize(listener: (size: TerminalSize) => void): void;
  /** Sends what is left of the output, then how it ended, and closes. Once; later calls do nothing. */
  exit(status: Status): Promise<void>;
  /** Resolves when the connection is gone, for whatever reason. Never rejects. */
  readonly closed: Promise<void>;
  /** Aborts with `closed`, for what runs on the client's behalf. */
  readonly signal: AbortSignal;
}

/** No size is longer, in letters or bytes. */
export const LONGEST_SIZE = 1024;

/** Keeps the last size until someone listens. */
export class ResizeEvents {
  #last: TerminalSize | undefined;
  #listener: ((size: TerminalSize) => void) | undefined;

  onResize(listener: (size: TerminalSize) => void): void {
    this.#listener = listener;
    if (this.#last) listener(this.#last);
  }

  /** What the client says, in JSON; what is no size is ignored, as Kubernetes does, and what is too long for one is not read. */
  accept(said: Buffer | string): void {
    if (said.length > LONGEST_SIZE) return;
    try {
      const { Width, Height } = JSON.parse(String(said)) as { Width?: unknown; Height?: unknown };
      if (!isExtent(Width) || !isExtent(Height)) return;
      this.#last = { columns: Width, rows: Height };
    } catch {
      return;
    }
    this.#listener?.(this.#last);
  }
}

/** A terminal that is not there yet reports zero; the kernel counts in 16 bits. */
const isExtent = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) < 65536;

/** The query of an exec or attach request, as Kubernetes reads it. */
export function remoteCommandOptions(query: URLSearchParams): RemoteCommandOptions {
  const flag = (name: string) => ['1', 'true', 'True', 'TRUE', 't', 'T'].includes(query.get(name) ?? '');
  const tty = flag('tty');
  return { stdin: flag('stdin'), stdout: flag('stdout'), stderr: flag('stderr') && !tty, tty };
}
