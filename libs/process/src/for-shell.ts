/** A word of a command line that is printed to be pasted: quoted where a shell would read it as something else. */
export const forShell = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
