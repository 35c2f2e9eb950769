/** compat: a request's body has no more bytes, nor what is made of it by copies and aliases. */
export const MOST_BODY_BYTES = 3 * 1024 * 1024;

/** What an object may grow by its defaults: no more than that is ever stored. */
export const MOST_FILLED_BYTES = 1.5 * 1024 * 1024;

/** compat: of the faults of a body that the client is warned of (fields unknown or given twice) it is told so many. */
export const MOST_TOLD_FAULTS = 100;
