import type { Clock } from '@kubernest/kit';
import type { Etcd3 } from 'etcd3';

interface Granted {
  readonly id: Promise<string>;
  readonly at: number;
}

const SHARED_MILLISECONDS = 300;
const SLACK_SECONDS = 0.6;

/** Leases for keys that expire. Keys written close together with one expiry share a lease: etcd pays for each. */
export class Leases {
  readonly #granted = new Map<number, Granted>();

  constructor(
    private readonly client: Etcd3,
    private readonly clock: Clock,
  ) {}

  /** A lease that lives at least `seconds` from now, and little longer. */
  grant(seconds: number): Promise<string> {
    const ttl = Math.ceil(seconds + SLACK_SECONDS);
    const shared = this.#granted.get(ttl);
    // The lease's own fraction above what was asked is what may be shared away.
    const spare = Math.min(SHARED_MILLISECONDS, (ttl - seconds) * 1000 - SHARED_MILLISECONDS);
    if (shared && this.clock.monotonic() - shared.at <= spare) return shared.id;
    const id = this.client.leaseClient.leaseGrant({ TTL: ttl }).then((response) => response.ID);
    this.#granted.set(ttl, { id, at: this.clock.monotonic() });
    id.catch(() => this.#granted.delete(ttl));
    return id;
  }
}
