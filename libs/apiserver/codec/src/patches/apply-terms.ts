import type { Expected } from '@kubernest/apiserver/contract';
import { type ApplyPatch, applyConfiguration, type JsonObject, type KubeObject, toldOfApplied } from '@kubernest/meta';
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

/** Pure: the object with the configuration laid over what is there and its defaults, and who then owns what. */
export function appliedObject({ config: sent, subject, refusal, live, expected, terms }: Application): Draft {
  const { schema } = expected;
  const { name, namespace, ...how } = terms;
  const place = { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) };
  const config = { ...sent, metadata: { ...sent.metadata, ...place } } as KubeObject;
  const { object, managedFields } = applyConfiguration({ live, config, schema, ...how });
  // Merged with the configuration's nulls and empty values, which mean something there and are not stored.
  const draft = madeToFit(object as unknown as JsonObject, expected, { told: toldOfApplied(subject) })
    .value as unknown as Draft;
  if (refusal) throw refusal;
  draft.metadata = { ...draft.metadata, name, managedFields };
  if (namespace !== undefined) draft.metadata.namespace = namespace;
  fillDefaults(expected, draft);
  return draft;
}
