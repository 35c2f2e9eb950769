import type { KubeObject } from '@kubernest/meta';

/** Field in `v1` to the same in `events.k8s.io/v1`; what is not here is named the same in both. */
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

/** Events in the version `to`. The events are left as they are, and what is in them is shared. */
export const convertEvents = (events: readonly KubeObject[], to: string): readonly KubeObject[] =>
  events.map((event) => (event.apiVersion === to ? event : rename(event, to === 'v1' ? back : renamed, to)));

function rename(event: KubeObject, names: Readonly<Record<string, string>>, apiVersion: string): KubeObject {
  const fields = Object.entries(event).map(([field, value]) => [names[field] ?? field, value]);
  return { ...(Object.fromEntries(fields) as KubeObject), apiVersion };
}
