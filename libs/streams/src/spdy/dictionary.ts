import { createRequire } from 'node:module';

/** The header dictionary of the SPDY/3.1 specification; a package has it, so that it need not be repeated here. */
export function headerDictionary(): Buffer {
  const all = createRequire(import.meta.url)('spdy-transport/lib/spdy-transport/protocol/spdy/dictionary.js') as Record<
    string,
    Buffer
  >;
  const dictionary = all['3.1'];
  if (!dictionary) throw new Error('spdy-transport no longer carries the SPDY/3.1 header dictionary');
  return dictionary;
}
