export { bareType, decodeBody, type FieldValidation } from './bodies/decode-body.ts';
export type { Draft } from './bodies/draft.ts';
export { fillDefaults } from './bodies/fill-defaults.ts';
export { tooLargeForStore } from './bodies/too-large-for-store.ts';
export { CacheEntry } from './entries/cache-entry.ts';
export {
  encodeStored,
  encodeStoredInSteps,
  jsonBytes,
  orderedBytesInSteps,
  spliceVersion,
  stringifyOrdered,
  versionIn,
} from './entries/stored-bytes.ts';
export { takeWritten } from './entries/written-objects.ts';
export { acceptClauses, type Media, mediaOf, mediaTypes, parseAccept } from './forms/accept.ts';
export { bookmarkObject } from './forms/bookmark.ts';
export type { EventType, Form, WatchForm } from './forms/form.ts';
export { Forms } from './forms/forms.ts';
export { kindsProtobuf } from './forms/kinds-protobuf.ts';
export { type ObjectForm, objectFormOf, objectList } from './forms/object-form.ts';
export { makingLarge, type Parts, reading } from './forms/parts.ts';
export { PIECE, PieceMaker } from './forms/pieces.ts';
export type { Single, SingleType } from './forms/single.ts';
export { SpareBuffers } from './forms/spare-buffers.ts';
export { toYaml } from './forms/yaml-form.ts';
export type { BodyTask } from './large-bodies/body-task.ts';
export { runBodyWorker } from './large-bodies/body-worker.ts';
export { isLargeBody, isLargeJson } from './large-bodies/is-large-body.ts';
export { LargeBodies } from './large-bodies/large-bodies.ts';
export { refusalError } from './large-bodies/refusal.ts';
export { ThreadTasks } from './large-bodies/thread-tasks.ts';
export { breathe, isLarge, isWide, paced, TURN_MS } from './pace.ts';
export { type AppliedConfiguration, readApplied } from './patches/applied-configuration.ts';
export { type ApplyTerms, appliedAcrossVersions, appliedObject, type Converse } from './patches/apply-terms.ts';
export { growsMuch, type MergedKind, patchKindOf, patchTypes } from './patches/patch.ts';
export { patchedObject } from './patches/patched-object.ts';
export { decodePatch, type ReadPatch } from './patches/read-patch.ts';
export { generateName } from './rules/object-meta.ts';
export { complete, type Judged, refusalOf, setGeneration, warningsOf } from './rules/rules.ts';
