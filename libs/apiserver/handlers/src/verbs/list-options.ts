import { badRequest, queryFlag, queryInteger, StatusError } from '@kubernest/meta';

/** A timer of Node counts no further: 24 days. */
const LONGEST_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

/** The query of a list or watch, parsed once. */
export interface ListQuery {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly limit: number;
  readonly continue: string;
  /** As sent; '' when unset. */
  readonly resourceVersion: string;
  readonly resourceVersionMatch: '' | 'Exact' | 'NotOlderThan';
  /** Below zero: over before it begins. */
  readonly timeoutSeconds: number | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

export function parseListQuery(query: URLSearchParams): ListQuery {
  const match = query.get('resourceVersionMatch') ?? '';
  if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalidOption(
      'resourceVersionMatch',
      `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan"`,
    );
  }
  const sendInitialEvents = query.get('sendInitialEvents');
  const seconds = queryInteger(query, 'timeoutSeconds');
  return {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: Math.max(0, queryInteger(query, 'limit') ?? 0),
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: match,
    timeoutSeconds: seconds !== undefined && seconds > LONGEST_SECONDS ? LONGEST_SECONDS : seconds,
    allowWatchBookmarks: queryFlag(query.get('allowWatchBookmarks')),
    sendInitialEvents: sendInitialEvents === null ? undefined : queryFlag(sendInitialEvents),
  };
}

export function checkListQuery(options: ListQuery): void {
  const { resourceVersion, resourceVersionMatch } = options;
  if (options.sendInitialEvents !== undefined)
    throw invalidOption('sendInitialEvents', 'Forbidden: sendInitialEvents is forbidden for list');
  if (resourceVersionMatch === '') return;
  if (options.continue) {
    throw invalidOption(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch is forbidden when continue is provided',
    );
  }
  if (resourceVersion === '') {
    throw invalidOption(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (resourceVersionMatch === 'Exact' && resourceVersion === '0') {
    throw invalidOption(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    );
  }
}

export function checkWatchQuery(options: ListQuery): void {
  const { sendInitialEvents, resourceVersionMatch } = options;
  if (options.continue) throw badRequest('continue is not supported by watch');
  if (sendInitialEvents === undefined) {
    if (resourceVersionMatch !== '') {
      throw invalidOption(
        'resourceVersionMatch',
        'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    }
    return;
  }
  if (resourceVersionMatch !== 'NotOlderThan') {
    throw invalidOption(
      'resourceVersionMatch',
      'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
  }
  if (sendInitialEvents && !options.allowWatchBookmarks) {
    throw invalidOption('sendInitialEvents', 'Forbidden: sendInitialEvents requires allowWatchBookmarks');
  }
}

function invalidOption(field: string, why: string): StatusError {
  const message = `ListOptions.meta.k8s.io "" is invalid: ${field}: ${why}`;
  const causes = [{ reason: 'FieldValueForbidden', message: why, field }];
  return new StatusError(422, 'Invalid', message, { group: 'meta.k8s.io', kind: 'ListOptions', causes });
}
