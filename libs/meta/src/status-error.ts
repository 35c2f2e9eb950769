import { cutAt, type FieldError, toldFaults, toldText } from './told-faults.ts';

export { type FieldError, fieldErrorBody, fieldErrorsText } from './told-faults.ts';

/** Of a longer message the beginning is told. */
const MOST_MESSAGE = 64 * 1024;

/**
 * The wire's own errors, worded as clients depend on them. One catalogue: every place that refuses a request throws one of these.
 * Source of reasons, codes and wordings: Kubernetes API conventions and `apimachinery/pkg/api/errors` (facts).
 */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** The `Status` object as it goes over the wire. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

export class StatusError extends Error {
  override readonly name = 'StatusError';

  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly details?: StatusDetails,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: cutAt(this.message, MOST_MESSAGE),
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

/** What an error is about: a resource's plural and group, and the object's name where there is one. */
export interface Subject {
  readonly group: string;
  /** Plural for errors about stored objects (`pods "a" not found`), as Kubernetes words them. */
  readonly resource: string;
  readonly name?: string;
}

const named = (s: Subject): string => {
  const resource = s.group === '' ? s.resource : `${s.resource}.${s.group}`;
  return s.name === undefined ? resource : `${resource} "${s.name}"`;
};
const about = (s: Subject): StatusDetails => ({
  ...(s.name ? { name: s.name } : {}),
  ...(s.group === '' ? {} : { group: s.group }),
  kind: s.resource,
});

export const notFound = (s: Subject): StatusError =>
  new StatusError(404, 'NotFound', `${named(s)} not found`, about(s));
export const alreadyExists = (s: Subject): StatusError =>
  new StatusError(409, 'AlreadyExists', `${named(s)} already exists`, about(s));
/** `why` is e.g. "the object has been modified; please apply your changes to the latest version and try again". */
export const conflict = (s: Subject, why: string): StatusError =>
  new StatusError(409, 'Conflict', `Operation cannot be fulfilled on ${named(s)}: ${why}`, about(s));
export const staleObject = (s: Subject): StatusError =>
  conflict(s, 'the object has been modified; please apply your changes to the latest version and try again');
/** `kind` is the Kind (not the plural), as Kubernetes words this one error. */
export function invalid(s: { group: string; kind: string; name: string }, errors: readonly FieldError[]): StatusError {
  const kind = s.group === '' ? s.kind : `${s.kind}.${s.group}`;
  const faults = toldFaults(errors);
  return new StatusError(422, 'Invalid', `${kind} "${s.name}" is invalid: ${toldText(faults)}`, {
    ...(s.name === '' ? {} : { name: s.name }),
    ...(s.group === '' ? {} : { group: s.group }),
    ...(s.kind === '' ? {} : { kind: s.kind }),
    causes: faults.told.map(({ type, field, body }) => ({
      reason: type,
      message: body,
      ...(field === '' ? {} : { field }),
    })),
  });
}
export const badRequest = (why: string): StatusError => new StatusError(400, 'BadRequest', why);
export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized');
export const forbidden = (s: Subject, why: string): StatusError =>
  new StatusError(403, 'Forbidden', `${named(s)} is forbidden: ${why}`, about(s));
export const methodNotAllowed = (s: Subject, verb: string): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind "${named({ ...s, name: undefined })}"`,
    about(s),
  );
export const notAcceptable = (accepted: readonly string[]): StatusError =>
  new StatusError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);
export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
export const tooLarge = (limitBytes: number): StatusError =>
  new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
export const tooManyRequests = (why: string, retryAfterSeconds: number): StatusError =>
  new StatusError(429, 'TooManyRequests', why, { retryAfterSeconds });
/** The resource version asked for is no longer kept; the client must list again. */
export const expired = (why = 'too old resource version'): StatusError => new StatusError(410, 'Expired', why);
export const internalError = (cause: unknown): StatusError =>
  new StatusError(
    500,
    'InternalError',
    `Internal error occurred: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      causes: [{ message: cause instanceof Error ? cause.message : String(cause) }],
    },
    { cause },
  );
export const unavailable = (why: string, cause?: unknown): StatusError =>
  new StatusError(503, 'ServiceUnavailable', why, undefined, cause === undefined ? undefined : { cause });
export const timeout = (why: string, retryAfterSeconds?: number): StatusError =>
  new StatusError(504, 'Timeout', `Timeout: ${why}`, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });

const hasReason = (error: unknown, reason: string): error is StatusError =>
  error instanceof StatusError && error.reason === reason;
export const isNotFound = (error: unknown): error is StatusError => hasReason(error, 'NotFound');
export const isAlreadyExists = (error: unknown): error is StatusError => hasReason(error, 'AlreadyExists');
export const isConflict = (error: unknown): error is StatusError => hasReason(error, 'Conflict');
export const isForbidden = (error: unknown): error is StatusError => hasReason(error, 'Forbidden');
export const isExpired = (error: unknown): error is StatusError =>
  hasReason(error, 'Expired') || hasReason(error, 'Gone');
export const isInvalid = (error: unknown): error is StatusError => hasReason(error, 'Invalid');
