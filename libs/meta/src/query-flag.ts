/** What a query says yes or no to. compat: whatever is said and is not a no means yes. */
export const queryFlag = (value: string | null): boolean =>
  value !== null && !['false', '0'].includes(value.toLowerCase());
