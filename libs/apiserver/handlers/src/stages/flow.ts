import { takerOf } from '../answers/responses.ts';
import type { MaxInFlight } from './max-in-flight.ts';
import type { Stage } from './stage.ts';

/** Keeps the limits in flight: one more is refused with 429. */
export const flow = (limits: MaxInFlight): Stage => ({
  enter(passage) {
    const { request, info, user, receivedAt } = passage;
    const { controlPlane = false } = request.peer;
    passage.place = limits.enter({ user: user!, info, controlPlane, receivedAt });
  },
  leave({ request, place }, response, { clock }) {
    const taker = response && takerOf(request, response);
    if (taker) place?.leaveTo(taker, clock.now());
    else place?.leave();
  },
});
