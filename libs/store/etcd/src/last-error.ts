import { before, withoutEnd } from '@kubernest/meta';

const mark = 'Last error: ';

/** Without the words of the client around it: whose fault it was, when, and how it looked for the address, of which it mostly has nothing to say. */
export function lastError(message: string): string {
  const told = before(message, 'Resolution note:');
  const at = told.lastIndexOf(mark);
  const error = at < 0 ? told : told.slice(at + mark.length).replace(/^Error: /, '');
  return withoutEnd(error.replace(/ \(\d{4}-\d\d-\d\dT[^()]*\)/, ''), ' \t\r\n.');
}
