import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const eventsFacts = facts(
  'io.k8s.api.events.v1',
  `
Event action=6 deprecatedCount=15:int32 deprecatedFirstTimestamp=13+ deprecatedLastTimestamp=14+ deprecatedSource=12+
  eventTime=2+ metadata=1+ note=10 reason=7 regarding=8+ related=9 reportingController=4 reportingInstance=5 series=3
  type=11
EventSeries count=1+:int32 lastObservedTime=2+
`,
);
