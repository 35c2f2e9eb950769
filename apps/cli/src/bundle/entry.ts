/** A file of a bundle. */
export interface Entry {
  readonly file: string;
  readonly text: string;
}
