import type { Document } from 'yaml';
import { parseKubeconfig } from './load.ts';
import { withPlainLines } from './text-form.ts';

/** As many files as are likely. */
const kept = 4;

/**
 * The documents of texts that were read last: a command looks at a kubeconfig several times before it changes it, and to parse one
 * of some megabytes takes seconds.
 */
const parsed = new Map<string, Document>();

/** To be looked at. Throws, naming the file, for what is not a kubeconfig. */
export function documentOf(text: string, path: string): Document {
  const document = parsed.get(text) ?? parseKubeconfig(withPlainLines(text), path);
  keep(text, document);
  return document;
}

/** To be changed by whoever takes it. */
export function takeDocument(text: string, path: string): Document {
  const document = documentOf(text, path);
  parsed.delete(text);
  return document;
}

function keep(text: string, document: Document): void {
  parsed.delete(text);
  parsed.set(text, document);
  for (const oldest of [...parsed.keys()].slice(0, -kept)) parsed.delete(oldest);
}
