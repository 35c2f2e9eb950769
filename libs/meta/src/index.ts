export { appliedSubject, toldOfApplied } from './applied-subject.ts';
export { checkConfiguration } from './apply-check.ts';
export * from './apply-patch.ts';
export type { Applying, VersionedObject } from './apply-versions.ts';
export * from './body-limits.ts';
export { spend, TooMuchWorkError, withinWork } from './bounded-work.ts';
export * from './decode-object.ts';
export { cannotUnmarshal, type ToldFaults } from './decode-words.ts';
export * from './duration.ts';
export { before, withoutEnd } from './ends-of-text.ts';
export { keepExactNumbers } from './exact-numbers.ts';
export type { FieldChanges } from './field-changes.ts';
export * from './field-compare.ts';
export * from './field-error.ts';
export * from './field-selector.ts';
export * from './field-set.ts';
export { goFloat, goShown } from './go-print.ts';
export { readableQuery } from './go-query.ts';
export * from './go-url.ts';
export { goQuoted, printable, valueKind } from './go-words.ts';
export * from './int-or-string.ts';
export * from './ip.ts';
export * from './ipv4-number.ts';
export { parseJson } from './json/exact-json.ts';
export { keptInteger } from './json/long-integer.ts';
export * from './json/parse-in-steps.ts';
export * from './json/read-in-steps.ts';
export * from './json/stringify-in-steps.ts';
export * from './json-patch.ts';
export * from './json-patch-shape.ts';
export * from './label-selector.ts';
export { type ManagerEntry, readManagers, writeManagers } from './managed-entries.ts';
export {
  type ManagedUpdate,
  managedFieldsInSteps,
  ownableChangesInSteps,
  updateManagedFields,
} from './managed-fields.ts';
export * from './merge-patch.ts';
export * from './metadata-faults.ts';
export * from './names.ts';
export * from './object.ts';
export * from './object-diff.ts';
export { onceDone } from './once-done.ts';
export * from './patched-text.ts';
export * from './qos-class.ts';
export * from './quantity.ts';
export * from './query-flag.ts';
export * from './query-integer.ts';
export { Recent } from './recent.ts';
export * from './resource-ref.ts';
export * from './schema.ts';
export * from './schema-decode.ts';
export * from './schema-defaults.ts';
export { MOST_PATH_LETTERS, type Place, pathOf } from './schema-place.ts';
export { sortInSteps } from './sort-in-steps.ts';
export * from './status-error.ts';
export {
  atOnce,
  isOthersTurn,
  isTurnOver,
  lineAfter,
  ownTurn,
  paced,
  promptly,
  Rests,
  type Steps,
} from './steps.ts';
export * from './strategic-merge-patch.ts';
export * from './strict-json.ts';
export { cutAt, supportedValues } from './told-faults.ts';
export { firstTold, toldList } from './told-list.ts';
export { beginningOf } from './told-value.ts';
export { TURN_MS, Turns, turnsOfTheProcess } from './turns.ts';
export * from './value.ts';
export type { Pattern, ValueChecks, ValueType } from './value-checks.ts';
export * from './value-in-steps.ts';
export * from './wire-time.ts';
