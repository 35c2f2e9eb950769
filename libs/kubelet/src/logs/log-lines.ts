/** One line (or part of a long one) of a container's output. */
export interface LogEntry {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface LogOptions {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly sinceTime: Date | undefined;
  readonly limitBytes: number | undefined;
  readonly stream: 'All' | 'Stdout' | 'Stderr';
}

/** A line of the engine's json-file; undefined for what is none (a torn write at a crash). */
export function parseLogLine(line: string): LogEntry | undefined {
  if (line === '') return undefined;
  try {
    const { log, stream, time } = JSON.parse(line) as { log?: unknown; stream?: unknown; time?: unknown };
    if (typeof log !== 'string' || typeof time !== 'string') return undefined;
    return { text: log, stream: stream === 'stderr' ? 'stderr' : 'stdout', time };
  } catch {
    return undefined;
  }
}

/** Turns entries into what a client reads: filters, stamps whole lines (a long one comes in parts), counts bytes. */
export class LogWriter {
  #atLineStart = { stdout: true, stderr: true };
  #left: number;
  #text = '';

  constructor(private readonly options: LogOptions) {
    this.#left = options.limitBytes ?? Infinity;
  }

  /** The limit is reached: nothing more will come. */
  get full(): boolean {
    return this.#left <= 0;
  }

  write(entry: LogEntry): void {
    if (!this.wants(entry)) return;
    if (this.options.timestamps && this.#atLineStart[entry.stream]) this.#text += `${entry.time} `;
    this.#atLineStart[entry.stream] = entry.text.endsWith('\n');
    this.#text += entry.text;
  }

  /** What was written since this was last asked for. */
  take(): Buffer {
    const bytes = Buffer.from(this.#text).subarray(0, Math.min(this.#left, Number.MAX_SAFE_INTEGER));
    this.#text = '';
    this.#left -= bytes.length;
    return bytes;
  }

  wants(entry: LogEntry): boolean {
    const { stream, sinceTime } = this.options;
    if (stream !== 'All' && stream.toLowerCase() !== entry.stream) return false;
    return sinceTime === undefined || +new Date(entry.time) >= +sinceTime;
  }
}

/** The query of a log request; `sinceSeconds` becomes a time. Throws a sentence for what is no number. */
export function logOptions(query: URLSearchParams, now: Date): LogOptions & { readonly previous: boolean } {
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null || text === '') return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0) throw new Error(`${name} must be a non-negative integer, not "${text}"`);
    return value;
  };
  const flag = (name: string): boolean => ['true', '1'].includes(query.get(name) ?? '');
  const since = number('sinceSeconds');
  const sinceTime = query.get('sinceTime');
  if (sinceTime && Number.isNaN(Date.parse(sinceTime))) throw new Error(`sinceTime "${sinceTime}" is no time`);
  const stream = query.get('stream') || 'All';
  if (stream !== 'All' && stream !== 'Stdout' && stream !== 'Stderr')
    throw new Error(`stream must be All, Stdout or Stderr, not "${stream}"`);
  return {
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    tailLines: number('tailLines'),
    limitBytes: number('limitBytes'),
    sinceTime: since !== undefined ? new Date(+now - since * 1000) : sinceTime ? new Date(sinceTime) : undefined,
    stream,
  };
}
