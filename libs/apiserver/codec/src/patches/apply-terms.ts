import type { Expected } from '@kubernest/apiserver/contract';
import {
  type Applied,
  type Applying,
  type ApplyPatch,
  applyConfiguration,
  applying,
  cloneInSteps,
  type Json,
  type JsonObject,
  type KubeObject,
  promptly,
  type Steps,
  toldOfApplied,
} from '@kubernest/meta';
import type { Draft } from '../bodies/draft.ts';
import { fillDefaults } from '../bodies/fill-defaults.ts';
import { madeToFit } from '../bodies/made-to-fit.ts';
import type { AppliedConfiguration } from './applied-configuration.ts';

/** By whom and as what a configuration is applied: plain data, so that it travels to a thread. */
export interface ApplyTerms
  extends Pick<ApplyPatch, 'manager' | 'force' | 'apiVersion' | 'subresource' | 'time' | 'ignore'> {
  /** Whatever the configuration says: the object's. */
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

export interface Application extends AppliedConfiguration {
  /** Absent where the configuration becomes an object of its own. */
  readonly live: KubeObject | undefined;
  readonly expected: Expected;
  readonly terms: ApplyTerms;
}

/** Works an application out where fields of `live` are owned in other versions: gives what it asks for. */
export type Converse = <T>(work: Applying<T>) => Promise<T>;

/** Pure unless it has to converse: the object with the configuration laid over what is there and its defaults, and who then owns what. */
export function* appliedObject(application: Application): Steps<Draft> {
  return yield* stored(application, applyConfiguration(patchOf(application)));
}

/** The same, where it has to. */
export async function appliedAcrossVersions(application: Application, converse: Converse): Promise<Draft> {
  const applied = await converse(applying(patchOf(application)));
  return await promptly(storedAnew(application, applied));
}

/** What was converted on the way is frozen, and what is stored is still to be made of it. */
function* storedAnew(application: Application, { object, managedFields }: Applied): Steps<Draft> {
  const own = (yield* cloneInSteps(object as unknown as Json)) as unknown as KubeObject;
  return yield* stored(application, { object: own, managedFields });
}

function patchOf({ config: sent, live, expected: { schema }, terms }: Application): ApplyPatch {
  const { name, namespace, ...how } = terms;
  const place = { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) };
  const config = { ...sent, metadata: { ...sent.metadata, ...place } } as KubeObject;
  return { live, config, schema, ...how };
}

function* stored({ subject, refusal, expected, terms }: Application, { object, managedFields }: Applied): Steps<Draft> {
  const { name, namespace } = terms;
  // Merged with the configuration's nulls and empty values, which mean something there and are not stored.
  const { value } = yield* madeToFit(object as unknown as JsonObject, expected, { told: toldOfApplied(subject) });
  const draft = value as unknown as Draft;
  if (refusal) throw refusal;
  draft.metadata = { ...draft.metadata, name, managedFields };
  if (namespace !== undefined) draft.metadata.namespace = namespace;
  yield* fillDefaults(expected, draft);
  return draft;
}
