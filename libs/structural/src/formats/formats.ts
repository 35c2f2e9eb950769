/** Name without dashes → whether a text is of the format. Each as Kubernetes reads it, whatever a standard says. Linear in the text. */
export type Formats = Readonly<Record<string, (text: string) => boolean>>;

export const matching =
  (form: RegExp) =>
  (text: string): boolean =>
    form.test(text);

/** In bytes of UTF-8. */
export const isWithin = (text: string, bytes: number): boolean =>
  text.length <= bytes && Buffer.byteLength(text) <= bytes;
