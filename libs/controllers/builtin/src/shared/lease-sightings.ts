import type { Lease } from '@kubernest/kinds';
import type { Context, Milliseconds } from '@kubernest/kit';

const USUAL_SECONDS = 20;

interface Sighting {
  readonly version: string | undefined;
  readonly at: Milliseconds;
}

/** When each Lease was last seen to change, by this process's own clock. Other machines' clocks are believed at first sight only. */
export class LeaseSightings {
  readonly #seen = new Map<string, Sighting>();

  /** To be told of each change as soon as it is known. */
  see(lease: Lease, ctx: Pick<Context, 'clock'>): void {
    this.#sighting(lease, ctx);
  }

  forget(name: string): void {
    this.#seen.delete(name);
  }

  /** How long its holder is believed to live without another sign; 0 or less: it is dead. */
  lifeLeft(lease: Lease, ctx: Pick<Context, 'clock'>): Milliseconds {
    return this.#sighting(lease, ctx).at + lifeOf(lease) - ctx.clock.monotonic();
  }

  #sighting(lease: Lease, { clock }: Pick<Context, 'clock'>): Sighting {
    const { name = '', resourceVersion: version } = lease.metadata;
    const before = this.#seen.get(name);
    if (before && before.version === version) return before;
    const freshByItsWord = Date.parse(lease.spec?.renewTime ?? '') + lifeOf(lease) > clock.now().getTime();
    const sighting = { version, at: before || freshByItsWord ? clock.monotonic() : Number.NEGATIVE_INFINITY };
    this.#seen.set(name, sighting);
    return sighting;
  }
}

const lifeOf = ({ spec }: Lease): Milliseconds => (spec?.leaseDurationSeconds ?? USUAL_SECONDS) * 1000;
