import type { Milliseconds } from '@kubernest/kit';

/** The reason of a Warning about a Service: a node does not have one of its node ports, which another program or cluster has. */
export const nodePortUnavailable = 'NodePortUnavailable';
/** The reason of the Event that ends it. */
export const nodePortAvailable = 'NodePortAvailable';
/** How often the Warning comes as long as it holds: an older one tells nothing. */
export const tellNodePortEvery: Milliseconds = 300_000;
