import { type AuditEvent, isLongRunning, namesNothing, scopeLabel, verbLabel } from '@kubernest/apiserver/contract';

/** Upper bounds in seconds, those of Kubernetes' `apiserver_request_duration_seconds`. */
export const buckets: readonly number[] = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];

/** Requests of one kind that ended alike. */
export interface Tally {
  readonly labels: Readonly<Record<string, string>>;
  readonly code: string;
  /** Meant to last: how long tells nothing. */
  readonly lasting: boolean;
  count: number;
  /** How many of them a limit of the server's ended. */
  terminated: number;
  /** How many took at most the bucket's bound and more than the one before; the last holds the rest. */
  readonly within: number[];
  seconds: number;
}

/** Counts requests. As many tallies as there are resources, verbs and codes: what a client can make up does not add any. */
export class RequestTally {
  readonly #tallies = new Map<string, Tally>();

  record(event: AuditEvent, seconds: number): void {
    const { info, code, routed, dryRun, applies } = event;
    // Whatever may not exist is counted as one thing, or anybody could fill the memory with names.
    const known = info.isResource && routed && !namesNothing.has(code);
    const resource = known ? info.resource : '';
    const verb = applies ? 'APPLY' : verbLabel(known ? info : { ...info, subresource: '' });
    const how = `${verb} ${dryRun ? 'dry' : ''} ${code} ${scopeLabel(info)}`;
    const key = `${how} ${resource} ${known ? `${info.group}/${info.version}/${info.subresource}` : ''}`;
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = newTally(event, { verb, known });
      this.#tallies.set(key, tally);
    }
    tally.count++;
    if (event.terminated) tally.terminated++;
    tally.seconds += seconds;
    let bucket = 0;
    while (bucket < buckets.length && seconds > buckets[bucket]!) bucket++;
    tally.within[bucket]!++;
  }

  all(): readonly Tally[] {
    return [...this.#tallies.values()];
  }
}

function newTally(
  { info, code, dryRun }: AuditEvent,
  { verb, known }: { readonly verb: string; readonly known: boolean },
): Tally {
  const named = known ? info : { ...info, group: '', version: '', resource: '', subresource: '' };
  const { group, version, resource, subresource } = named;
  const dry_run = dryRun ? 'All' : '';
  return {
    labels: { component: 'apiserver', dry_run, group, resource, scope: scopeLabel(info), subresource, verb, version },
    code: String(code),
    lasting: isLongRunning(named),
    count: 0,
    terminated: 0,
    within: new Array<number>(buckets.length + 1).fill(0),
    seconds: 0,
  };
}
