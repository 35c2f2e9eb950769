import { type ApiCore, type Catalog, type CatalogUpdate, nameOf } from '@kubernest/apiserver/contract';
import type { Dialer } from '@kubernest/apiserver/dialer';
import { type ResourceDefinition, takingNoNew } from '@kubernest/definitions';
import { type CustomResourceDefinition, isConditionTrue } from '@kubernest/kinds';
import { type Context, type Metrics, type Runnable, whenAborted } from '@kubernest/kit';
import { deepEqual } from '@kubernest/meta';
import { type Convert, convertNames } from './conversion.ts';
import { convertByWebhook } from './conversion-webhook.ts';
import { countedConversion } from './counted-conversion.ts';
import { definitionsOf, TERMINATING } from './definitions-of.ts';

const ref = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };

export interface ExtensionsParts {
  readonly core: Pick<ApiCore, 'read'>;
  readonly catalog: Catalog;
  /** Reaches those who convert between versions. */
  readonly dialer: Pick<Dialer, 'call'>;
  /** Where it is counted what they are asked; absent: nowhere. */
  readonly metrics?: Metrics;
  /** Told the resource version of a CustomResourceDefinition up to which all changes are served, after each. */
  readonly served?: (resourceVersion: string) => void;
}

/**
 * Serves what CustomResourceDefinitions declare, from when their names are accepted until they are gone. `start` resolves once all that are
 * there are served.
 */
export function extensions(parts: ExtensionsParts): Runnable {
  return {
    name: 'extensions',
    async start(ctx) {
      return { done: new Extensions(parts, ctx).run() };
    },
  };
}

/** As `read.subscribe` tells it. */
interface Changed {
  readonly object: CustomResourceDefinition | undefined;
  readonly old?: CustomResourceDefinition | undefined;
}

class Extensions {
  #gathered: Changed[] = [];
  /** What each definition, by name, is served as, and of which change of it. */
  readonly #served = new Map<
    string,
    { readonly of: CustomResourceDefinition; readonly definitions: readonly ResourceDefinition[] }
  >();

  constructor(
    private readonly parts: ExtensionsParts,
    private readonly ctx: Context,
  ) {}

  async run(): Promise<void> {
    const { read } = this.parts.core;
    const leave = read.subscribe(ref, (change) => this.#gather(change as Changed));
    this.#follow(read.list<CustomResourceDefinition>(ref).map((object) => ({ object })));
    await whenAborted(this.ctx.signal);
    leave();
  }

  /** What is told in one go changes the catalog once. */
  #gather(change: Changed): void {
    this.#gathered.push(change);
    if (this.#gathered.length > 1) return;
    queueMicrotask(() => {
      const changes = this.#gathered;
      this.#gathered = [];
      this.#follow(changes);
    });
  }

  #follow(changes: readonly Changed[]): void {
    // Of several changes of one the last counts.
    const last = new Map(changes.map((change) => [(change.object ?? change.old!).metadata.name!, change.object]));
    const updates = [...last].map(([name, crd]) => this.#guarded(name, crd));
    this.parts.catalog.apply({
      served: updates.flatMap(({ served = [] }) => served),
      gone: updates.flatMap(({ gone = [] }) => gone),
    });
    const versions = changes.flatMap(({ object }) => (object ? [Number(object.metadata.resourceVersion)] : []));
    if (versions.length > 0) this.parts.served?.(String(Math.max(...versions)));
  }

  /** One that cannot be served hinders no other. */
  #guarded(name: string, crd: CustomResourceDefinition | undefined): CatalogUpdate {
    try {
      return crd ? this.#updateFor(crd) : this.#forget(name);
    } catch (error) {
      this.ctx.log.error('what a definition declares cannot be served', { name, error });
      return {};
    }
  }

  #updateFor(crd: CustomResourceDefinition): CatalogUpdate {
    const name = crd.metadata.name!;
    const before = this.#served.get(name);
    if (before && aspectsOf(before.of) === aspectsOf(crd)) return {};
    const definitions = before && onlyGoes(before.of, crd) ? before.definitions.map(ending) : this.#definitionsOf(crd);
    this.#served.set(name, { of: crd, definitions });
    const kept = new Set(definitions.map(nameOf));
    return { served: definitions, gone: (before?.definitions ?? []).filter((each) => !kept.has(nameOf(each))) };
  }

  #definitionsOf(crd: CustomResourceDefinition): readonly ResourceDefinition[] {
    if (!isAccepted(crd)) return [];
    return definitionsOf(crd, this.#converter(crd)).filter((each) => this.#mayServe(each));
  }

  #converter(crd: CustomResourceDefinition): Convert {
    const isAsked = crd.spec.conversion?.strategy === 'Webhook';
    if (!isAsked) return convertNames;
    const { dialer, metrics } = this.parts;
    const convert = convertByWebhook(crd, dialer, this.ctx);
    return metrics ? countedConversion(convert, crd.metadata.name!, { metrics, clock: this.ctx.clock }) : convert;
  }

  #forget(name: string): CatalogUpdate {
    const before = this.#served.get(name);
    this.#served.delete(name);
    return { gone: before?.definitions ?? [] };
  }

  /** compat: what is built in is served as it is, whatever somebody declares beside it. */
  #mayServe({ group, version, plural }: ResourceDefinition): boolean {
    const present = this.parts.catalog.current.find(group, version, plural);
    return !present || present.customSchema !== undefined;
  }
}

/** Also while it goes: what is left of it has to be seen and deleted. */
const isAccepted = (crd: CustomResourceDefinition): boolean =>
  isConditionTrue(crd, 'NamesAccepted') || isConditionTrue(crd, 'Established');

const ending = (definition: ResourceDefinition): ResourceDefinition => takingNoNew(definition, TERMINATING);

/** It was asked to go, and is the same in all else: whoever watches its objects sees each of them go first. */
function onlyGoes(before: CustomResourceDefinition, now: CustomResourceDefinition): boolean {
  if (before.metadata.deletionTimestamp || !now.metadata.deletionTimestamp) return false;
  const identityOf = ({ metadata: { uid }, spec, status }: CustomResourceDefinition) => [
    uid,
    spec,
    status?.acceptedNames,
  ];
  return isAccepted(before) === isAccepted(now) && deepEqual(identityOf(before), identityOf(now));
}

/** What its objects are served by: a change of anything else (conditions, labels) changes nothing for them. */
function aspectsOf(crd: CustomResourceDefinition): string {
  const { uid, generation, deletionTimestamp } = crd.metadata;
  return JSON.stringify([uid, generation, deletionTimestamp !== undefined, isAccepted(crd), crd.status?.acceptedNames]);
}
