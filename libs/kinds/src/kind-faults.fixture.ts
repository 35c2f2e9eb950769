import { type FieldError, fieldErrorBody, type KubeObject } from '@kubernest/meta';
import { builtinKinds } from './builtin.ts';

export const now = new Date('2026-11-24T12:00:00Z');
const metadata = { name: 'a', namespace: 'default' };
export const words = (faults: readonly FieldError[]): string[] =>
  faults.map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`);
export const kindOf = (kind: string, group = '') =>
  builtinKinds.find((each) => each.kind === kind && (group === '' || each.group === group))!;

/** The faults of an object as the engine finds them: with its defaults, put right. */
export function faultsOf(kind: string, object: object, group?: string): string[] {
  const definition = kindOf(kind, group);
  const draft = structuredClone({ metadata, ...object }) as KubeObject;
  definition.defaults?.(draft);
  definition.prepareForCreate?.(draft);
  return words(definition.validate?.(draft, { subresource: '', now }) ?? []);
}

export function faultsOfChange(kind: string, before: object, after: object, group?: string): string[] {
  const definition = kindOf(kind, group);
  const [old, draft] = [before, after].map((object) => structuredClone({ metadata, ...object }) as KubeObject) as [
    KubeObject,
    KubeObject,
  ];
  definition.defaults?.(old);
  definition.defaults?.(draft);
  definition.prepareForUpdate?.(draft, old);
  const context = { subresource: '', now, old };
  return words([
    ...(definition.validate?.(draft, context) ?? []),
    ...(definition.validateUpdate?.(draft, old, context) ?? []),
  ]);
}

/** The faults of a write of the status alone. */
export function faultsOfStatus(kind: string, before: object, after: object): string[] {
  const definition = kindOf(kind);
  const [old, draft] = [before, after].map((object) => structuredClone({ metadata, ...object }) as KubeObject) as [
    KubeObject,
    KubeObject,
  ];
  definition.defaults?.(draft);
  const context = { subresource: 'status', now, old };
  definition.prepareForStatusUpdate?.(draft, old, context);
  return words([
    ...(definition.validate?.(draft, context) ?? []),
    ...(definition.validateUpdate?.(draft, old, context) ?? []),
  ]);
}
