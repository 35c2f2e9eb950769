import { type Status, StatusError } from '@kubernest/meta';

const reasonOfCode: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The error an answer means: the server's own words where the body is a Status, else the code's usual reason and the text (a proxy's page, say). `retryAfter` is the header of that name. */
export function statusErrorOf(code: number, body: unknown, retryAfter?: string): StatusError {
  const retryAfterSeconds = Number.parseInt(retryAfter ?? '', 10);
  const details = retryAfterSeconds >= 0 ? { retryAfterSeconds } : undefined;
  if (isStatus(body)) {
    const actual = body.code ?? code;
    return new StatusError(
      actual,
      body.reason ?? reasonOfCode[actual] ?? 'Unknown',
      body.message ?? `HTTP ${actual}`,
      body.details || details ? { ...details, ...body.details } : undefined,
    );
  }
  const text =
    typeof body === 'string' && body.trim() !== '' ? body.trim().slice(0, 2048) : `the server answered HTTP ${code}`;
  return new StatusError(code, reasonOfCode[code] ?? 'Unknown', text, details);
}

function isStatus(body: unknown): body is Status {
  return typeof body === 'object' && body !== null && (body as Status).kind === 'Status';
}
