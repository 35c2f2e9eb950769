import {
  type AnswerTaker,
  isLongRunning,
  type RequestInfo,
  type RequestLimits,
  type UserInfo,
} from '@kubernest/apiserver/contract';
import type { Milliseconds } from '@kubernest/kit';
import { TextError } from '../answers/responses.ts';

const RETRY_AFTER_SECONDS = 1;
/** compat: who must always get an answer, else nobody could mend an overloaded cluster. */
const PRIVILEGED_GROUP = 'system:masters';
/** How far back the peak of requests in flight reaches, as Kubernetes' metric of it. */
const PEAK_WINDOW: Milliseconds = 1000;
/** An answer that has been on its way for so long gives way to a request for which there is no place. */
const SLOW_READER: Milliseconds = 5000;
const readOnlyVerbs = new Set(['get', 'list', 'watch']);

/** 429 in the words of Kubernetes, which are text and no Status. */
export class TooManyInFlight extends TextError {
  constructor() {
    super(429, 'TooManyRequests', 'Too many requests, please try again later.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}

/** Who asks and what, as far as it matters here. */
export interface Entering {
  readonly user: UserInfo;
  readonly info: RequestInfo;
  /** Who asks is a component of the control plane within this process. */
  readonly controlPlane: boolean;
  readonly receivedAt: Date;
}

/** What a request has while it counts. */
export interface Place {
  /** Its work is over, and nobody takes its answer bit by bit. */
  leave(): void;
  /** Its work is over: the place is free as soon as its answer is taken, also when that was before (its deadline passed). */
  leaveTo(taker: AnswerTaker, now: Date): void;
}

/**
 * How many requests are worked on at once: those that read and those that change count apart, those meant to last not at all. A request
 * counts until its work is over and its answer has been written or its reader is gone: what hangs is not piled up. Slow readers keep
 * nobody out: where no place is left, the answer that has been on its way for longest breaks off, if that is long. The control plane
 * within this process has as many places of its own: neither can a flood from outside keep it from renewing its Leases, nor can it keep
 * people out. Nobody waits for a place, so that a request that makes requests cannot wait for itself.
 */
export class MaxInFlight {
  readonly #clients: Requests;
  readonly #controlPlane: Requests;

  constructor(limits: Pick<RequestLimits, 'readOnlyInFlight' | 'mutatingInFlight'>) {
    this.#clients = atMost(limits);
    this.#controlPlane = atMost(limits);
  }

  /** Throws `TooManyInFlight`. */
  enter({ user, info, controlPlane, receivedAt }: Entering): Place {
    if (isLongRunning(info)) return nowhere;
    const requests = controlPlane ? this.#controlPlane : this.#clients;
    const inFlight = readOnlyVerbs.has(info.verb) ? requests.readOnly : requests.mutating;
    if (inFlight.begin(receivedAt.getTime())) return inFlight;
    // compat: beyond the limit they are served, but not counted.
    if (user.groups.includes(PRIVILEGED_GROUP)) return nowhere;
    throw new TooManyInFlight();
  }

  /** The most at once in the last second or so. */
  peak(now: Date): { readonly readOnly: number; readonly mutating: number } {
    const at = now.getTime();
    const sum = (sort: keyof Requests): number => this.#clients[sort].peak(at) + this.#controlPlane[sort].peak(at);
    return { readOnly: sum('readOnly'), mutating: sum('mutating') };
  }
}

interface Requests {
  readonly readOnly: InFlight;
  readonly mutating: InFlight;
}

const atMost = (limits: Pick<RequestLimits, 'readOnlyInFlight' | 'mutatingInFlight'>): Requests => ({
  readOnly: new InFlight(limits.readOnlyInFlight),
  mutating: new InFlight(limits.mutatingInFlight),
});

/** An answer on its way. */
interface Unread {
  readonly since: number;
  readonly end: (isBrokenOff: boolean) => void;
}

class InFlight implements Place {
  #count = 0;
  /** Those that have been on their way for longest first. */
  readonly #unread = new Set<Unread>();
  #windowBegin = 0;
  #peak = 0;
  #peakBefore = 0;

  constructor(private readonly limit: number) {}

  peak(now: number): number {
    this.#turn(now);
    return Math.max(this.#peak, this.#peakBefore);
  }

  begin(now: number): boolean {
    if (this.limit > 0 && this.#count >= this.limit && !this.#breakOffSlowest(now)) return false;
    this.#turn(now);
    this.#count++;
    if (this.#count > this.#peak) this.#peak = this.#count;
    return true;
  }

  leave(): void {
    this.#count--;
  }

  leaveTo(taker: AnswerTaker, now: Date): void {
    const unread: Unread = {
      since: now.getTime(),
      end: (isBrokenOff) => {
        if (!this.#unread.delete(unread)) return;
        this.#count--;
        if (isBrokenOff) taker.breakOff();
      },
    };
    this.#unread.add(unread);
    taker.onOver(() => unread.end(false));
  }

  #breakOffSlowest(now: number): boolean {
    const [slowest] = this.#unread;
    if (!slowest || now - slowest.since < SLOW_READER) return false;
    slowest.end(true);
    return true;
  }

  #turn(now: number): void {
    const since = now - this.#windowBegin;
    if (since >= 0 && since < PEAK_WINDOW) return;
    this.#peakBefore = since < 2 * PEAK_WINDOW ? this.#peak : this.#count;
    this.#peak = this.#count;
    this.#windowBegin = now;
  }
}

const nowhere: Place = { leave: () => {}, leaveTo: () => {} };
