import {
  type AdmissionCall,
  type ApiCore,
  type ApiResponse,
  type Catalog,
  methodRefused,
  mustBeAllowed,
  nameOf,
  noSuchPath,
  type Subresource,
  type SubresourceCall,
  type VirtualResource,
} from '@kubernest/apiserver/contract';
import { admissionCallOf, type Resource, settleIdentity } from '@kubernest/apiserver/storage';
import type { ResourceDefinition } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import { apiVersionOf, type KubeObject, notFound } from '@kubernest/meta';
import { pageNotFound } from '../answers/responses.ts';
import { type Admitted, writeCallOf } from '../requests/request-call.ts';
import { patchingOf } from '../verbs/patching.ts';
import type { VerbParts } from '../verbs/verb.ts';
import { verbs } from '../verbs/verbs.ts';
import { isServedAt, routedMethods } from './path-scope.ts';

export interface ResourceRoutesParts extends VerbParts {
  readonly catalog: Catalog;
  readonly core: Pick<ApiCore, 'read' | 'write'>;
  readonly subresources: readonly Subresource[];
  readonly virtual: readonly VirtualResource[];
}

interface Called {
  readonly admitted: Admitted;
  readonly resource: Resource;
  /** Absent for a kind that is never stored. */
  readonly own?: Subresource;
}

/** Which part of the engine answers a resource request. */
export class ResourceRoutes {
  readonly #subresources = new Map<string, Subresource>();
  readonly #ofManyKinds: (Subresource & { readonly of: (definition: ResourceDefinition) => boolean })[] = [];
  readonly #virtual = new Map<string, VirtualResource>();

  constructor(private readonly parts: ResourceRoutesParts) {
    for (const each of parts.subresources) {
      const { of } = each;
      if (typeof of === 'function') this.#ofManyKinds.push({ ...each, of });
      else this.#subresources.set(`${of.group}/${of.resource}/${each.name}`, each);
    }
    for (const each of parts.virtual) {
      const { group, version, resource } = each.ref;
      this.#virtual.set(`${group}/${version}/${resource}`, each);
    }
  }

  async handle(admitted: Admitted, ctx: Context): Promise<ApiResponse> {
    const { request, info } = admitted;
    const { group, version, resource: plural, subresource, name, namespace, verb } = info;
    if (info.hasEmptyPart) throw noSuchPath();
    const resource = this.parts.engine.resources.find(group, version, plural);
    if (!resource) return this.#nothing(admitted);
    const { definition } = resource;
    if (definition.virtual) return this.#answer(resource, admitted, ctx);
    if (!isServedAt(info, definition)) throw noSuchPath();
    if (definition.deprecated && !request.wantsObjects) admitted.warnings.push(deprecation(definition));
    if (subresource !== '') return this.#subresource(admitted, resource, ctx);
    if (!routedMethods.has(request.method) || (verb === 'watch' && request.method !== 'GET')) throw methodRefused();
    if (!(definition.verbs as readonly string[]).includes(verb)) throw methodRefused();
    if (definition.namespaced && !namespace && verb !== 'list' && verb !== 'watch') throw methodRefused();
    if (verb === 'create' && name !== undefined) throw methodRefused();
    if (name === undefined && (verb === 'update' || verb === 'patch')) throw methodRefused();
    return verbs[verb]!(this.parts, { admitted, resource }, ctx);
  }

  #nothing({ request, info: { group } }: Admitted): ApiResponse {
    if (this.parts.catalog.current.servesGroup(group)) throw noSuchPath();
    return pageNotFound(request);
  }

  async #subresource(admitted: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    const { definition } = resource;
    const { request, info } = admitted;
    const { subresource, verb, rest } = info;
    const own = this.#own(definition, subresource);
    const passesOn = own?.connects === 'proxy';
    if (rest.length > 0 && !passesOn) throw noSuchPath();
    const isServed = own || (subresource === 'status' && definition.statusSubresource);
    // compat: of a custom kind it is the object that is not found.
    if (!isServed) throw definition.customSchema ? notFound({ ...resource.subject, name: info.name }) : noSuchPath();
    if (!passesOn && !routedMethods.has(request.method)) throw methodRefused();
    if (own) {
      if (!passesOn && !own.verbs.includes(verb)) throw methodRefused();
      if (own.connects) await this.#mayConnect(own, { admitted, resource }, ctx);
      else if (verb !== 'get') this.parts.answers.mustTell(request, answerOf(own, definition));
      return own.handle(this.#call({ admitted, resource, own }, ctx), ctx);
    }
    if (verb !== 'get' && verb !== 'update' && verb !== 'patch') throw methodRefused();
    return verbs[verb]!(this.parts, { admitted, resource }, ctx);
  }

  #own(definition: ResourceDefinition, name: string): Subresource | undefined {
    const own = this.#subresources.get(`${definition.group}/${definition.plural}/${name}`);
    return own ?? this.#ofManyKinds.find((each) => each.name === name && each.of(definition));
  }

  async #mayConnect(
    { connects }: Subresource,
    { admitted, resource }: { readonly admitted: Admitted; readonly resource: Resource },
    ctx: Context,
  ): Promise<void> {
    const { admission, authorize } = this.parts.engine;
    const { user, info, warnings, annotate } = admitted;
    if (connects === 'session' && info.verb !== 'create')
      await mustBeAllowed(user, { ...info, verb: 'create' }, authorize, ctx);
    const { definition } = resource;
    const seen = { operation: 'connect', user, info, definition, object: undefined, old: undefined } as const;
    const warn = (text: string) => void warnings.push(text);
    const call: AdmissionCall = { ...seen, options: {}, dryRun: false, warn, annotate };
    await admission.mutate(call, ctx);
    await admission.validate(call, ctx);
  }

  async #answer(resource: Resource, admitted: Admitted, ctx: Context): Promise<ApiResponse> {
    const answer = this.#virtual.get(nameOf(resource.definition));
    if (!answer) return this.#nothing(admitted);
    if (!isServedAt(admitted.info, resource.definition)) throw noSuchPath();
    if (admitted.info.verb !== 'create') throw methodRefused();
    this.parts.answers.mustTell(admitted.request, { type: resource.definition });
    const object = await this.parts.bodies.decode(admitted, { expected: resource.definition }, ctx);
    settleIdentity(object, { info: admitted.info, namespaced: resource.definition.namespaced });
    const answered = await answer.answer(object, this.#call({ admitted, resource }, ctx), ctx);
    const created = { status: 201, object: answered, type: resource.definition };
    return this.parts.answers.other(admitted.request, created, ctx);
  }

  #call({ admitted, resource, own }: Called, ctx: Context): SubresourceCall {
    const { answers, bodies, core, engine } = this.parts;
    const { request, info, user } = admitted;
    const call = writeCallOf(admitted, resource, { passesOn: own?.connects !== undefined });
    const { fieldManager, dryRun, fence } = call;
    const { namespaced } = resource.definition;
    const settle = <T extends KubeObject>(object: T): T => {
      settleIdentity(object, { info, namespaced, otherName: own?.otherName, mayOmitName: own?.mayOmitName });
      return object;
    };
    return {
      request,
      info,
      user,
      definition: resource.definition,
      read: core.read,
      write: core.write,
      decode: async (type) => settle((await bodies.decode(admitted, { expected: type }, ctx)) as never),
      patching: async (type, applied) => {
        const patched = await patchingOf({ request, call }, type, applied);
        return (base) => settle(patched(base) as never);
      },
      encode: (status, object) =>
        answers.other(request, { status, object, ...answerOf(own ?? {}, resource.definition) }, ctx),
      writeAs: { user, fieldManager, dryRun, fence },
      async admit(object, ctx) {
        const admissionCall = admissionCallOf(call, 'create', { object, old: undefined });
        await engine.admission.mutate(admissionCall, ctx);
        await engine.admission.validate(admissionCall, ctx);
      },
    };
  }
}

function answerOf({ answer, body, columns }: Partial<Subresource>, definition: ResourceDefinition) {
  const ofDeclared = definition.customSchema !== undefined;
  return { type: answer ?? body ?? definition, columns: columns?.(definition), ofDeclared };
}

/** compat: the sentence that clients print. */
function deprecation({ group, version, kind, deprecated }: ResourceDefinition): string {
  if ('warning' in deprecated!) return deprecated.warning;
  const { since, replacement } = deprecated!;
  const instead = replacement ? `; use ${replacement.apiVersion} ${replacement.kind}` : '';
  return `${apiVersionOf({ group, version })} ${kind} is deprecated in v${since}+${instead}`;
}
