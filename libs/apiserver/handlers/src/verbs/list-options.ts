import {
  badRequest,
  type FieldError,
  fieldForbidden,
  fieldNotSupported,
  queryFlag,
  queryInteger,
} from '@kubernest/meta';
import { invalidOptions } from '../requests/write-options.ts';

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
  /** As sent; '' when unset. */
  readonly resourceVersionMatch: string;
  /** Below zero: over before it begins. */
  readonly timeoutSeconds: number | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

export function parseListQuery(query: URLSearchParams): ListQuery {
  const sendInitialEvents = query.get('sendInitialEvents');
  const seconds = queryInteger(query, 'timeoutSeconds');
  return {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: Math.max(0, queryInteger(query, 'limit') ?? 0),
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    timeoutSeconds: seconds !== undefined && seconds > LONGEST_SECONDS ? LONGEST_SECONDS : seconds,
    allowWatchBookmarks: queryFlag(query.get('allowWatchBookmarks')),
    sendInitialEvents: sendInitialEvents === null ? undefined : queryFlag(sendInitialEvents),
  };
}

const match = 'resourceVersionMatch';
const needsRevision = fieldForbidden(match, `${match} is forbidden unless resourceVersion is provided`);
const noneWithContinue = fieldForbidden(match, `${match} is forbidden when continue is provided`);
const noneExactOfAny = fieldForbidden(match, `${match} "exact" is forbidden for resourceVersion "0"`);
const noneForWatch = fieldForbidden(match, `${match} is forbidden for watch unless sendInitialEvents is provided`);
const needsMatch = fieldForbidden(match, `sendInitialEvents requires setting ${match} to NotOlderThan`);
const noneForList = fieldForbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list');

/** Every fault at once. */
export function checkListQuery(options: ListQuery): void {
  const { resourceVersion, resourceVersionMatch } = options;
  const faults: FieldError[] = [];
  if (resourceVersionMatch !== '') {
    if (resourceVersion === '') faults.push(needsRevision);
    if (options.continue) faults.push(noneWithContinue);
    if (!['Exact', 'NotOlderThan'].includes(resourceVersionMatch))
      faults.push(fieldNotSupported(match, resourceVersionMatch, ['Exact', 'NotOlderThan', '']));
    if (resourceVersionMatch === 'Exact' && resourceVersion === '0') faults.push(noneExactOfAny);
  }
  if (options.sendInitialEvents !== undefined) faults.push(noneForList);
  refuse(faults);
}

export function checkWatchQuery(options: ListQuery): void {
  const { sendInitialEvents, resourceVersionMatch } = options;
  const faults: FieldError[] = [];
  if (sendInitialEvents !== undefined && resourceVersionMatch !== 'NotOlderThan') faults.push(needsMatch);
  if (resourceVersionMatch !== '') {
    if (sendInitialEvents === undefined) faults.push(noneForWatch);
    if (resourceVersionMatch !== 'NotOlderThan')
      faults.push(fieldNotSupported(match, resourceVersionMatch, ['NotOlderThan']));
    if (options.continue) faults.push(noneWithContinue);
  }
  refuse(faults);
  if (options.continue) throw badRequest('continue is not supported by watch');
}

function refuse(faults: readonly FieldError[]): void {
  if (faults.length > 0) throw invalidOptions('ListOptions', faults);
}
