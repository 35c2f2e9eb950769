import type { Json } from '@kubernest/meta';

/** Stored (core) name of each field to its name in `events.k8s.io`; what is not here is named the same in both. */
const renamed: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
};
const back = Object.fromEntries(Object.entries(renamed).map(([core, events]) => [events, core]));

function rename(draft: Json, names: Readonly<Record<string, string>>, apiVersion: string): Json {
  if (draft === null || typeof draft !== 'object' || Array.isArray(draft)) return draft;
  const result: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(draft)) result[names[key] ?? key] = value;
  if ('apiVersion' in result) result.apiVersion = apiVersion;
  return result;
}

export function eventFromStored(draft: Json): Json {
  return rename(draft, renamed, 'events.k8s.io/v1');
}

export function eventToStored(draft: Json): Json {
  return rename(draft, back, 'v1');
}
