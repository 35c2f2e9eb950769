import { type StatusDetails, StatusError } from '@kubernest/meta';

/** A refusal, as it travels from the thread. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: StatusDetails | undefined;
}

export const refusalParts = ({ code, reason, message, details }: StatusError): Refusal => ({
  code,
  reason,
  message,
  details,
});

export const refusalError = ({ code, reason, message, details }: Refusal): StatusError =>
  new StatusError(code, reason, message, details);
