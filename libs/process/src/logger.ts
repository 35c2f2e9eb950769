import type { LogFields, Logger } from '@kubernest/kit';
import { pino } from 'pino';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Bytes of lines that could not be written yet; more are dropped. */
const mostHeldBack = 1024 * 1024;

/** Log lines as JSON on standard output; names of children join with dots. Credentials in fields are blotted out. */
export function stdoutLogger(name: string, level: LogLevel): Logger {
  const destination = pino.destination({ dest: 1, sync: true, maxLength: mostHeldBack });
  // A full disk takes no lines: that is no reason to end.
  destination.on('error', () => {});
  const root = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['token', '*.token', 'authorization', '*.authorization', 'password', '*.password'],
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    destination,
  );
  const named = (path: string): Logger => {
    const write =
      (as: LogLevel) =>
      (message: string, fields: LogFields = {}) =>
        root[as]({ at: path, ...fields }, message);
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (more) => named(`${path}.${more}`),
    };
  };
  return named(name);
}
