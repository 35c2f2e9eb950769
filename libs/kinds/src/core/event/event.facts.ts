import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const eventFacts = facts(
  'io.k8s.api.core.v1',
  `
Event action=12 count=8:int32 eventTime=10+ firstTimestamp=6+ involvedObject=2+ lastTimestamp=7+ message=4
  metadata=1+ reason=3 related=13 reportingComponent=14+ reportingInstance=15+ series=11 source=5+ type=9
EventSeries count=1:int32 lastObservedTime=2+
EventSource component=1 host=2
`,
);
