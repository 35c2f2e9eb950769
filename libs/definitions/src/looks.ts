/** How many values may still be looked at for cells that take a search. Cells for which nothing is left stay empty. */
export interface Looks {
  left: number;
}

/** Many times as many as an object can hold. */
const OF_A_ROW = 1_000_000;
/** Of all rows of one answer, or of what one watch begins with: about a second's work. */
const OF_AN_ANSWER = 4_000_000;

export const looksOfRow = (): Looks => ({ left: OF_A_ROW });
export const looksOfAnswer = (): Looks => ({ left: OF_AN_ANSWER });

/** What one row may take of what its answer has left. */
export const rowOf = ({ left }: Looks): Looks => ({ left: Math.min(left, OF_A_ROW) });
