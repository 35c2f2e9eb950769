import { internalError, type Status, type StatusError } from '@kubernest/meta';

const exitCodeCause = 'ExitCode';

/** How a command ended, as clients of exec read it. */
export function exitStatus(code: number): Status {
  const head = { kind: 'Status', apiVersion: 'v1', metadata: {} } as const;
  if (code === 0) return { ...head, status: 'Success' };
  return {
    ...head,
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: exitCodeCause, message: String(code) }] },
  };
}

/** A command that could not be run at all. */
export function failureStatus(error: unknown): Status {
  if (error instanceof Error && 'toStatus' in error) return (error as StatusError).toStatus();
  return internalError(error).toStatus();
}

/** The exit code that a status carries: 0 for success, undefined when the command did not get that far. */
export function exitCodeOf(status: Status): number | undefined {
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find((c) => c.reason === exitCodeCause);
  return status.reason === 'NonZeroExitCode' && cause ? Number(cause.message) : undefined;
}
