import { deleteCollection, deleteOne } from './delete-verbs.ts';
import { patch } from './patch.ts';
import { get, list, watch } from './read-verbs.ts';
import type { Verb } from './verb.ts';
import { create, update } from './write-verbs.ts';

/** By the name that a request's info has for it. */
export const verbs: Readonly<Record<string, Verb>> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: deleteOne,
  deletecollection: deleteCollection,
};
