/** A file of a bundle: lines, or a value that is written as JSON. */
export type Entry = { readonly file: string } & ({ readonly text: string } | { readonly value: unknown });
