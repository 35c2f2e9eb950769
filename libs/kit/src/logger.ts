export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log. Only engines and apps write to it; rules and adapters throw. Messages begin lower-case. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** `fields.error` carries the fault; its cause chain is printed once. */
  error(message: string, fields?: LogFields): void;
  /** A logger whose lines carry `name` after its parent's. */
  child(name: string): Logger;
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
