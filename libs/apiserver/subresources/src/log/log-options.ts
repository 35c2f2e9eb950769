import {
  badRequest,
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  invalid,
  notATime,
  parseWireTime,
  queryInteger,
} from '@kubernest/meta';

const streams = ['All', 'Stderr', 'Stdout'];

/** Refuses what cannot be meant: with 400 what is no number or no time, with 422 and every fault what makes no sense. */
export function checkLogOptions(name: string, query: URLSearchParams): void {
  const sinceTime = query.get('sinceTime');
  if (sinceTime && !parseWireTime(sinceTime)) throw badRequest(notATime(sinceTime));
  const faults = [
    ...belowLeast(query, 'tailLines', 0, 'must be greater than or equal to 0'),
    ...belowLeast(query, 'limitBytes', 1, 'must be greater than 0'),
    ...since(query),
    ...stream(query),
  ];
  if (faults.length > 0) throw invalid({ group: '', kind: 'PodLogOptions', name }, faults);
}

function belowLeast(query: URLSearchParams, field: string, least: number, detail: string): FieldError[] {
  const value = queryInteger(query, field);
  return value !== undefined && value < least ? [fieldInvalid(field, value, detail)] : [];
}

function since(query: URLSearchParams): FieldError[] {
  const faults = belowLeast(query, 'sinceSeconds', 1, 'must be greater than 0');
  return query.has('sinceSeconds') && query.has('sinceTime')
    ? [fieldForbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified')]
    : faults;
}

function stream(query: URLSearchParams): FieldError[] {
  const wanted = query.get('stream');
  if (wanted === null) return [];
  return [
    ...(streams.includes(wanted) ? [] : [fieldNotSupported('stream', wanted, streams)]),
    ...(wanted !== 'All' && query.has('tailLines')
      ? [fieldForbidden('', '`tailLines` and specific `stream` are mutually exclusive for now')]
      : []),
  ];
}
