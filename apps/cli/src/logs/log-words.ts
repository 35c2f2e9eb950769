/** One line of a log of the cluster's own parts, as a person reads it. What is neither of our JSON nor of the engine's logfmt stays as it is. */
export function logWords(line: string): string {
  const record = jsonRecord(line) ?? logfmtRecord(line);
  if (!record) return line;
  const { time, level, at, msg, ...fields } = record;
  const urgency = level === undefined || level === 'info' ? '' : ` ${String(level).toUpperCase()}`;
  const place = at === undefined ? '' : ` ${at}:`;
  const rest = Object.entries(fields)
    .map(([name, value]) => `${name} ${valueWords(value)}`)
    .join(', ');
  return `${time}${urgency}${place} ${msg}${rest ? ` (${rest})` : ''}`;
}

type LogRecord = { readonly time: string; readonly msg: string; readonly [field: string]: unknown };

const isRecord = (read: unknown): read is LogRecord =>
  typeof read === 'object' &&
  read !== null &&
  typeof (read as LogRecord).time === 'string' &&
  typeof (read as LogRecord).msg === 'string';

function jsonRecord(line: string): LogRecord | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const read: unknown = JSON.parse(line);
    return isRecord(read) ? read : undefined;
  } catch {
    return undefined; // cut off by a crash
  }
}

/** `time="…" level=info msg="…" more=…` */
function logfmtRecord(line: string): LogRecord | undefined {
  if (!line.startsWith('time=')) return undefined;
  const fields = [...line.matchAll(/(?<![\w.-])([\w.-]+)=("(?:[^"\\]|\\.)*"|\S*)/g)];
  const read = Object.fromEntries(fields.map(([, name, value]) => [name, unquoted(value!)]));
  return isRecord(read) ? read : undefined;
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1, -1);
  }
}

function valueWords(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { message, stack } = value as { readonly message?: unknown; readonly stack?: unknown };
  if (typeof message === 'string') return typeof stack === 'string' ? stack : message;
  return JSON.stringify(value);
}
