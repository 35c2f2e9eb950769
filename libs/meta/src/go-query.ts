/** A pair that Go's reader drops: a semicolon divides nothing any more, and a percent sign that begins no escape is none. */
const unread = /;|%(?![0-9a-f]{2})/i;

/** compat: of a query what `url.Query` takes of it, byte for byte. What others take of the rest was not authorized. */
export const readableQuery = (query: string): string =>
  unread.test(query)
    ? query
        .split('&')
        .filter((pair) => !unread.test(pair))
        .join('&')
    : query;
