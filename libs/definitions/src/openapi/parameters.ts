import type { StructSchema } from '@kubernest/meta';

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
  readonly required?: true;
}

function query(name: string, type: Parameter['type'], description: string): Parameter {
  return { name, in: 'query', type, description };
}

function path(name: string, description: string): Parameter {
  return { name, in: 'path', type: 'string', description, required: true };
}

export const pretty = query('pretty', 'string', "If 'true', the answer is indented.");
export const namePath = path('name', 'Name of the object.');
/** What stands behind `proxy/`. */
export const proxiedPath = path('path', 'Path of what is asked there.');
export const namespacePath = path('namespace', 'Namespace of the object.');

const dryRun = query('dryRun', 'string', "'All' runs every stage and stores nothing.");
const fieldManager = query('fieldManager', 'string', 'Under which name the changed fields are owned.');
const fieldValidation = query(
  'fieldValidation',
  'string',
  "What unknown and double fields do: 'Ignore', 'Warn' or 'Strict'.",
);
const force = query('force', 'boolean', 'Takes fields over that another manager applied. Only for apply.');

export const writeQuery: readonly Parameter[] = [dryRun, fieldManager, fieldValidation];
export const patchQuery: readonly Parameter[] = [...writeQuery, force];
const resourceVersion = query('resourceVersion', 'string', 'How old the answer may be, or where a watch begins.');
/** Which objects are meant. */
export const selectionQuery: readonly Parameter[] = [
  query('continue', 'string', 'Where the page before ended.'),
  query('fieldSelector', 'string', 'Only objects whose fields are so.'),
  query('labelSelector', 'string', 'Only objects whose labels are so.'),
  query('limit', 'integer', 'How many objects a page has at most.'),
  resourceVersion,
  query('resourceVersionMatch', 'string', 'How resourceVersion is meant for lists.'),
  query('sendInitialEvents', 'boolean', 'A watch begins with all that is there.'),
  query('shardSelector', 'string', 'Without effect: which part of the objects, for clients that share them.'),
  query('timeoutSeconds', 'integer', 'When the request ends in any case.'),
];
export const listQuery: readonly Parameter[] = [
  query('allowWatchBookmarks', 'boolean', 'A watch may send bookmarks.'),
  ...selectionQuery,
  query('watch', 'boolean', 'Stay, and tell of every change.'),
];
/** compat: that a read takes it is only said of custom kinds. */
export const customReadQuery: readonly Parameter[] = [resourceVersion];
export const deleteQuery: readonly Parameter[] = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'How long the object may take to end; 0 is at once.'),
  query('ignoreStoreReadErrorWithClusterBreakingPotential', 'boolean', 'Removes even what cannot be read. Unsafe.'),
  query('orphanDependents', 'boolean', 'Deprecated: use propagationPolicy.'),
  query('propagationPolicy', 'string', "What becomes of dependents: 'Orphan', 'Background' or 'Foreground'."),
];

/** Each of several parameters once. */
export function mergeParameters(...sets: readonly (readonly Parameter[])[]): readonly Parameter[] {
  return [...new Map(sets.flat().map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

/** Options that are spoken as a query: `container`, `follow`, `command`, … What is a list may be said several times. */
export function optionsQuery(schema: StructSchema): readonly Parameter[] {
  return Object.entries(schema.fields).map(([name, field]) => {
    const { type } = field.schema.type === 'list' ? field.schema.items : field.schema;
    return query(name, type === 'integer' || type === 'boolean' ? type : 'string', `Option ${name}.`);
  });
}
