/** The kernel keeps 255 bytes of it. */
const longestComment = 255;

/** For people who read the tables: letters, digits and what joins names. */
export const commentOf = (id: string): string => id.replace(/[^\w./:-]/g, '?').slice(0, longestComment);
