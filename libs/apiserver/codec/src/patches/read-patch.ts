import {
  badRequest,
  cannotUnmarshal,
  decodeObject,
  inTextOrder,
  isObject,
  type Json,
  MOST_KEPT_LEVELS,
  StatusError,
  unknownInJsonPatch,
  valueKind,
  whyNoJsonPatch,
} from '@kubernest/meta';
import type { PatchKind } from './patch.ts';

export interface ReadPatch {
  readonly patch: Json;
  /** What a strict validation has against the patch's text: fields that it has twice, operations with more members than there are. */
  readonly faults: readonly string[];
}

interface Reading {
  readonly bytes: Uint8Array;
  /** Fields are validated: compat: then another reader reads the patch first, with words of its own. */
  readonly isChecked: boolean;
}

const decodingFault = 'error decoding patch: ';
const anObject = 'map[string]interface {}';

/** A patch's text, read once; applying it may then happen several times. Throws 400. */
export const decodePatch = (kind: PatchKind, bytes: Uint8Array, isChecked: boolean): ReadPatch =>
  readers[kind]({ bytes, isChecked });

const readers: Readonly<Record<PatchKind, (reading: Reading) => ReadPatch>> = {
  json(reading) {
    const prefix = reading.isChecked ? decodingFault : '';
    const { value, duplicates } = jsonOf(reading, prefix, 'Go struct field jsonPatchOp.value');
    const why = whyNoJsonPatch(value, reading.isChecked);
    if (why) throw badRequest(`${prefix}${why}`);
    const unknown = reading.isChecked ? unknownInJsonPatch(value) : [];
    const faults = [
      ...unknown,
      ...duplicates.filter((fault) => !unknown.includes(fault.replace('duplicate', 'unknown'))),
    ];
    const inOrder = faults.length > 1 ? inTextOrder(Buffer.from(reading.bytes).toString(), faults) : faults;
    return { patch: value, faults: inOrder.map((fault) => `json patch ${fault}`) };
  },
  merge(reading) {
    const { isChecked } = reading;
    const { value, duplicates } = jsonOf(reading, isChecked ? decodingFault : undefined, 'Go value');
    if (isObject(value) || (!isChecked && Array.isArray(value))) return { patch: value, faults: duplicates };
    if (value === null || !isChecked) throw noMergePatch();
    throw badRequest(`${decodingFault}${cannotUnmarshal(valueKind(value), 'Go value', anObject)}`);
  },
  strategic(reading) {
    const { value, duplicates } = jsonOf(reading, '', 'Go value');
    if (value !== null && !isObject(value)) throw badRequest(cannotUnmarshal(valueKind(value), 'Go value', anObject));
    return { patch: value ?? {}, faults: duplicates };
  },
  apply({ bytes, isChecked }) {
    const faultPrefix = 'error decoding YAML: ';
    const yamlPrefix = 'error converting YAML to JSON: ';
    const options = { findDuplicates: isChecked, faultPrefix, mostLevels: MOST_KEPT_LEVELS, yamlPrefix };
    const { value, duplicates } = decodeObject(bytes, 'yaml', options);
    if (!isObject(value)) throw badRequest(`${faultPrefix}expected an object`);
    return { patch: value, faults: duplicates };
  },
};

const noMergePatch = () => badRequest('Invalid JSON Patch');

/** `faultPrefix` is undefined where a merge patch that cannot be read is refused as none. */
function jsonOf({ bytes, isChecked }: Reading, faultPrefix: string | undefined, numbersIn: string) {
  try {
    return decodeObject(bytes, 'json', {
      findDuplicates: isChecked,
      faultPrefix: faultPrefix ?? '',
      mostLevels: MOST_KEPT_LEVELS,
      numbersIn,
    });
  } catch (error) {
    if (faultPrefix === undefined && error instanceof StatusError) throw noMergePatch();
    throw error;
  }
}
