/** Without the words of the client around it: whose fault it was, and how it looked for the address. */
export const lastError = (message: string): string =>
  /Last error: (?:Error: )?(.*?)\.? Resolution note:/.exec(message)?.[1] ?? message;
