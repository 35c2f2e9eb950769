import type { Readable } from 'node:stream';

export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
  readonly timedOut: boolean;
}

export interface ExecRequest {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface StreamSession {
  /** Undefined where not asked for. With a tty everything comes on stdout. */
  readonly stdin: NodeJS.WritableStream | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  resize(columns: number, rows: number): Promise<void>;
  readonly exitCode: Promise<number>;
}
