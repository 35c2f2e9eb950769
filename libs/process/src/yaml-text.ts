import { type Document, parseDocument } from 'yaml';

/** A document that keeps its comments and its order, and what it says. */
export interface YamlText {
  readonly document: Document.Parsed;
  readonly content: unknown;
}

/** Why a text is no YAML, on one line: where, without the parser's excerpt and its advice to programmers. */
export class YamlFault extends Error {}

/** One document. Throws `YamlFault`. */
export function readYaml(text: string): YamlText {
  // A warning is for nobody who runs a command; what is none at all, is told at this level still.
  const document = parseDocument(text, { logLevel: 'error' });
  const [fault] = document.errors;
  if (fault?.code === 'MULTIPLE_DOCS') throw new YamlFault('it holds more than one YAML document', { cause: fault });
  const [at] = fault?.linePos ?? [];
  if (fault) throw new YamlFault(`it is no YAML${at ? ` (line ${at.line}, column ${at.col})` : ''}`, { cause: fault });
  try {
    return { document, content: document.toJS() };
  } catch (error) {
    // They lead nowhere, or stand for more than anybody can hold.
    throw new YamlFault('its aliases (*NAME) cannot be followed', { cause: error });
  }
}
