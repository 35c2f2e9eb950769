import { parseEvents, YAMLException } from 'js-yaml';
import type { Json } from '../object.ts';
import { MOST_KEPT_LEVELS } from '../value.ts';
import { firstDocument } from './first-document.ts';
import { indentFlow } from './indent-flow.ts';
import { YamlError } from './yaml-scalar.ts';
import { tooDeep, YamlTree } from './yaml-tree.ts';

export interface YamlValue {
  /** Integers that a number cannot hold are bigints. */
  readonly value: Json;
  readonly duplicates: readonly string[];
}

/** A YAML text's first document as Go's library (version 2, of YAML 1.1) reads it. Throws YamlError. */
export function decodeYaml(text: string): YamlValue {
  if (notPrintable.test(text)) throw new YamlError('control characters are not allowed');
  const source = firstDocument(text);
  try {
    return read(source);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    if (error.reason !== 'deficient indentation') throw inWords(error);
  }
  try {
    return read(indentFlow(source));
  } catch (error) {
    throw error instanceof YAMLException ? inWords(error) : error;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const notPrintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

function read(source: string): YamlValue {
  // The parser counts what stands on the last level as one more.
  const tree = new YamlTree(source, parseEvents(source, { maxDepth: MOST_KEPT_LEVELS + 1 }));
  const value = tree.document();
  return { value, duplicates: tree.duplicates };
}

function inWords({ reason, mark }: YAMLException): YamlError {
  if (reason.startsWith('nesting exceeded')) return tooDeep();
  return new YamlError(mark ? `line ${mark.line + 1}: ${reason}` : reason);
}
