import type { ControllerContext } from '@kubernest/controllers/engine';
import type { Lease } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { API_SERVER_LEASES, hasApplied, isApiServerLease } from './api-server-lease.ts';
import { LeaseSightings } from './lease-sightings.ts';
import { refs } from './refs.ts';

/** The API servers of the cluster as their Leases tell, in one term of leadership. */
export class ApiServers {
  readonly #sightings = new LeaseSightings();
  #isTold = false;

  /**
   * 0: every one that lives has applied what was written as `version`, or there is none. Else the soonest at which one that is behind
   * may turn out to be dead; that it has caught up its Lease tells before.
   */
  timeBehind(version: string, ctx: ControllerContext): Milliseconds {
    this.#follow(ctx);
    const lives = this.#leases(ctx)
      .filter((lease) => !hasApplied(lease, version))
      .map((lease) => this.#sightings.lifeLeft(lease, ctx))
      .filter((left) => left > 0);
    return lives.length > 0 ? Math.min(...lives) : 0;
  }

  /** From now on each sign of life is noted when it comes, and not when somebody asks. */
  #follow(ctx: ControllerContext): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const see = (lease: Lease) => {
      if (isApiServerLease(lease)) this.#sightings.see(lease, ctx);
    };
    ctx.informers.of<Lease>(refs.leases).subscribe({
      added: see,
      updated: see,
      deleted: (lease) => {
        if (isApiServerLease(lease)) this.#sightings.forget(lease.metadata.name!);
      },
    });
  }

  #leases(ctx: ControllerContext): readonly Lease[] {
    return ctx.informers.of<Lease>(refs.leases).list(API_SERVER_LEASES).filter(isApiServerLease);
  }
}
