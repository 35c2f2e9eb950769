/** Without the words of the client around it: whose fault it was, when, and how it looked for the address, of which it mostly has nothing to say. */
export const lastError = (message: string): string =>
  message
    .replace(/\s*Resolution note:.*$/s, '')
    .replace(/^.*Last error: (?:Error: )?/s, '')
    .replace(/ \(\d{4}-\d\d-\d\dT[^)]*\)/, '')
    .replace(/[\s.]+$/, '');
