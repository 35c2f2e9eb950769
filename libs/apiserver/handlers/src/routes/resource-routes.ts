import {
  type AdmissionCall,
  type ApiResponse,
  type Catalog,
  methodRefused,
  mustBeAllowed,
  nameOf,
  noSuchPath,
  type Subresource,
  type VirtualResource,
} from '@kubernest/apiserver/contract';
import { type Resource, settleIdentity } from '@kubernest/apiserver/storage';
import type { ResourceDefinition } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import { apiVersionOf, notFound } from '@kubernest/meta';
import { pageNotFound } from '../answers/responses.ts';
import type { Admitted } from '../requests/request-call.ts';
import { destinationOf } from '../verbs/verb.ts';
import { verbs } from '../verbs/verbs.ts';
import { isServedAt, routedMethods } from './path-scope.ts';
import { answerOf, type SubresourceParts, subresourceCall } from './subresource-call.ts';

export interface ResourceRoutesParts extends SubresourceParts {
  readonly catalog: Catalog;
  readonly subresources: readonly Subresource[];
  readonly virtual: readonly VirtualResource[];
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

  handle(admitted: Admitted, ctx: Context): ApiResponse | Promise<ApiResponse> {
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
    if (own && !passesOn && !own.verbs.includes(verb)) throw methodRefused();
    if (own?.handle) {
      if (own.connects) await this.#mayConnect(own, { admitted, resource }, ctx);
      else if (verb !== 'get') this.parts.answers.mustTell(request, answerOf(own, definition));
      return own.handle(subresourceCall(this.parts, { admitted, resource, own }, ctx), ctx);
    }
    if (verb !== 'get' && verb !== 'update' && verb !== 'patch') throw methodRefused();
    if (!own) return verbs[verb]!(this.parts, { admitted, resource }, ctx);
    this.parts.answers.mustTell(request, answerOf(own, definition));
    return verbs[verb]!(this.parts, { admitted: { ...admitted, part: own.part }, resource }, ctx);
  }

  #own(definition: ResourceDefinition, name: string): Subresource | undefined {
    const own = this.#subresources.get(`${definition.group}/${definition.plural}/${name}`);
    return own ?? this.#ofManyKinds.find((each) => each.name === name && each.of(definition));
  }

  async #mayConnect(
    { connects, options }: Subresource,
    { admitted, resource }: { readonly admitted: Admitted; readonly resource: Resource },
    ctx: Context,
  ): Promise<void> {
    const { admission, authorize } = this.parts.engine;
    const { user, info, warnings, annotate } = admitted;
    if (connects === 'session' && info.verb !== 'create')
      await mustBeAllowed(user, { ...info, verb: 'create' }, authorize, ctx);
    const { definition } = resource;
    const kind = options ? { group: '', version: 'v1', kind: options } : definition;
    const seen = { operation: 'connect', user, info, definition, kind, object: undefined, old: undefined } as const;
    const warn = (text: string) => void warnings.push(text);
    const call: AdmissionCall = { ...seen, options: {}, dryRun: false, warn, annotate };
    await admission.admit(call, () => {}, ctx);
  }

  async #answer(resource: Resource, admitted: Admitted, ctx: Context): Promise<ApiResponse> {
    const answer = this.#virtual.get(nameOf(resource.definition));
    if (!answer) return this.#nothing(admitted);
    if (!isServedAt(admitted.info, resource.definition)) throw noSuchPath();
    if (admitted.info.verb !== 'create') throw methodRefused();
    this.parts.answers.mustTell(admitted.request, { type: resource.definition });
    const object = await this.parts.bodies.decode(admitted, { expected: resource.definition }, ctx);
    settleIdentity(object, destinationOf({ admitted, resource }));
    const call = subresourceCall(this.parts, { admitted, resource }, ctx);
    await call.admit(object, () => {}, ctx);
    const answered = await answer.answer(object, call, ctx);
    const created = { status: 201, object: answered, type: resource.definition };
    return this.parts.answers.other(admitted.request, created, ctx);
  }
}

/** compat: the sentence that clients print. */
function deprecation({ group, version, kind, deprecated }: ResourceDefinition): string {
  if ('warning' in deprecated!) return deprecated.warning;
  const { since, replacement } = deprecated!;
  const instead = replacement ? `; use ${replacement.apiVersion} ${replacement.kind}` : '';
  return `${apiVersionOf({ group, version })} ${kind} is deprecated in v${since}+${instead}`;
}
