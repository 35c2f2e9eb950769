/** compat: a request's body has no more bytes, nor what is made of it by copies and aliases. */
export const MOST_BODY_BYTES = 3 * 1024 * 1024;

/** compat: of the faults of a body that the client is warned of (fields unknown or given twice) it is told so many. */
export const MOST_TOLD_FAULTS = 100;
