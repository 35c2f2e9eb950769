import {
  type ApplyTerms,
  appliedAcrossVersions,
  appliedObject,
  type BodyJob,
  bareType,
  type CacheEntry,
  type Draft,
  decodeBody,
  decodePatch,
  type FieldValidation,
  type Forms,
  growsMuch,
  isLarge,
  isLargeBody,
  type LargeBodies,
  objectFormOf,
  paced,
  patchedObject,
  patchKindOf,
  type ReadPatch,
  readApplied,
} from '@kubernest/apiserver/codec';
import { type ApiResponse, type Expected, successStatus, type UserInfo } from '@kubernest/apiserver/contract';
import {
  type AdmissionChain,
  type ApplyOrder,
  applyObject,
  applyTermsOf,
  createObject,
  type DeleteOptions,
  type Destination,
  deleteAll,
  deleteObject,
  type Engine,
  type Resource,
  replaceObject,
  settleIdentity,
  settleNamespace,
  updateObject,
  type Written,
} from '@kubernest/apiserver/storage';
import { statusType } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import { type Json, type KubeObject, promptly, queryFlag } from '@kubernest/meta';
import { type Answer, Answers, type AnswerTo, needsVersion } from '../answers/answers.ts';
import { deleteOptions } from '../requests/delete-options.ts';
import { type Admitted, bodyCallOf, deleteCallOf, writeCallOf } from '../requests/request-call.ts';
import { fieldValidationOf, writeOptionsOf } from '../requests/write-options.ts';
import { getEntry } from './get.ts';
import { listPage } from './list.ts';
import { parseListQuery } from './list-options.ts';
import { openWatch } from './open-watch.ts';
import { selectionOf } from './selection-of.ts';

const deleteOptionsType = (schema: Expected['schema']): Expected => ({
  group: '',
  version: 'v1',
  kind: 'DeleteOptions',
  schema,
});

export interface RegistryParts {
  readonly engine: Engine;
  readonly admission: AdmissionChain;
  readonly forms: Forms;
  readonly deleteOptionsSchema: Expected['schema'];
  readonly largeBodies: LargeBodies;
}

/** The verbs of every kind. Knows kinds only by their definition. */
export class Registry {
  readonly #answers: Answers;

  constructor(private readonly parts: RegistryParts) {
    this.#answers = new Answers(parts.forms);
  }

  handle(admitted: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    switch (admitted.info.verb) {
      case 'get':
        return this.#get(admitted, resource, ctx);
      case 'list':
        return this.#list(admitted, resource, ctx);
      case 'watch':
        return this.#watch(admitted, resource, ctx);
      case 'create':
        return this.#create(admitted, resource, ctx);
      case 'update':
        return this.#update(admitted, resource, ctx);
      case 'patch':
        return this.#patch(admitted, resource, ctx);
      case 'delete':
        return this.#delete(admitted, resource, ctx);
      default:
        return this.#deleteCollection(admitted, resource, ctx);
    }
  }

  async #get(admitted: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    const { request, info } = admitted;
    const to = this.#answerTo(admitted, resource);
    const target = { resource, namespace: info.namespace, name: info.name! };
    const stored = await getEntry(this.parts.engine, target, request.query.get('resourceVersion') ?? '', ctx);
    const shown = needsVersion(to) ? this.parts.engine.views.one(resource, stored, ctx) : stored;
    const entry = shown instanceof Promise ? await shown : shown;
    return this.#answers.one(to, { status: 200, entry }, ctx);
  }

  async #list(admitted: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    const { request, info } = admitted;
    const to = this.#answerTo(admitted, resource);
    const query = parseListQuery(request.query);
    const selection = selectionOf(info, resource, query);
    const { entries: stored, meta } = await listPage(this.parts.engine, resource, selection, query, ctx);
    const shown = needsVersion(to) ? this.parts.engine.views.all(resource, stored, ctx) : stored;
    const entries = shown instanceof Promise ? await shown : shown;
    return this.#answers.list(to, { entries, meta }, ctx);
  }

  #watch({ request, info }: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    const form = request.wantsObjects ? objectFormOf(request, resource) : this.parts.forms.ofWatch(request, resource);
    const query = parseListQuery(request.query);
    const selection = selectionOf(info, resource, query);
    return openWatch({ engine: this.parts.engine, resource, selection, query, form }, ctx);
  }

  async #create(admitted: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    const to = this.#answerTo(admitted, resource);
    const call = await bodyCallOf(admitted, resource);
    const draft = (await this.decode(admitted, { expected: resource.definition, stored: true }, ctx)) as Draft;
    settleNamespace(draft, destination(admitted, resource));
    const written = await createObject(this.parts.engine, this.parts.admission, { call, draft }, ctx);
    return this.#answers.one(to, outcomeOf(written), ctx);
  }

  async #update(admitted: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    const to = this.#answerTo(admitted, resource);
    const call = await bodyCallOf(admitted, resource);
    const body = await this.decode(admitted, { expected: resource.definition, stored: true }, ctx);
    settleIdentity(body, destination(admitted, resource));
    const written = await replaceObject(this.parts.engine, this.parts.admission, { call, body }, ctx);
    return this.#answers.one(to, outcomeOf(written), ctx);
  }

  async #patch(admitted: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    const to = this.#answerTo(admitted, resource);
    const { request, info, user } = admitted;
    const kind = patchKindOf(bareType(request.headers['content-type']), resource.definition);
    const bytes = await request.body();
    const isLargePatch = isLargeBody(bytes, kind === 'apply' ? 'yaml' : 'json');
    const call = writeCallOf(admitted, resource, { large: isLargePatch || isLarge(bytes.length) });
    const fieldValidation = fieldValidationOf(call.options, info);
    const warn = call.warn ?? (() => {});
    const { definition } = resource;
    if (kind === 'apply') {
      const read = isLargePatch
        ? undefined
        : await promptly(
            readApplied(decodePatch(kind, bytes, fieldValidation !== 'Ignore'), {
              expected: definition,
              fieldValidation,
              warn,
            }),
          );
      const config =
        read?.config ??
        (await this.#patched({ kind, base: undefined }, { user, bytes, definition, fieldValidation, warn }, ctx));
      const terms = applyTermsOf(call, queryFlag(request.query.get('force')), ctx);
      const applied: ApplyOrder['applied'] = (live, entry, converse) => {
        if (read && !(entry && isLargeBody(entry.bytes, 'yaml'))) {
          const application = { ...read, live, expected: definition, terms };
          return converse ? appliedAcrossVersions(application, converse) : promptly(appliedObject(application));
        }
        const job = { kind, base: entry?.bytes };
        // What there is to warn of was told when the configuration was read.
        const how = { user, bytes, definition, fieldValidation, warn: () => {}, apply: terms };
        return this.#patched(job, how, ctx) as Promise<Draft>;
      };
      const order = { call, config, destination: destination(admitted, resource), applied };
      const written = await applyObject(this.parts.engine, this.parts.admission, order, ctx);
      return this.#answers.one(to, outcomeOf(written), ctx);
    }
    let read: ReadPatch | undefined;
    const patched = (base: KubeObject, entry: CacheEntry): KubeObject | Promise<KubeObject> => {
      // compat: a patch of what is not there is not even read.
      if (!isLargePatch) read ??= decodePatch(kind, bytes, fieldValidation !== 'Ignore');
      if (!read || isLargeBody(entry.bytes, 'json') || growsMuch(read.patch)) {
        const job = { kind, base: entry.bytes };
        return this.#patched(job, { user, bytes, definition, fieldValidation, warn }, ctx);
      }
      return promptly(patchedObject({ kind, base, read, expected: definition, fieldValidation, warn }));
    };
    const checked = (object: KubeObject): Draft => {
      settleIdentity(object, destination(admitted, resource));
      return object as Draft;
    };
    const next = (base: KubeObject, entry: CacheEntry): Draft | Promise<Draft> => {
      const object = patched(base, entry);
      return object instanceof Promise ? object.then(checked) : checked(object);
    };
    const order = { call, namespace: info.namespace, name: info.name!, next };
    const written = await updateObject(this.parts.engine, this.parts.admission, order, ctx);
    return this.#answers.one(to, outcomeOf(written), ctx);
  }

  async #delete(admitted: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    const { info } = admitted;
    const options = await this.#deleteOptions(admitted, ctx);
    const call = deleteCallOf(admitted, resource, options);
    const order = { call, namespace: info.namespace, name: info.name!, options };
    const written = await deleteObject(this.parts.engine, this.parts.admission, order, ctx);
    if (!written.removed || resource.definition.deleteShowsObject)
      return this.#answers.one(this.#answerTo(admitted, resource), outcomeOf(written), ctx);
    const { group, plural } = resource.definition;
    const { entry } = written;
    const last = isLarge(entry.bytes.length) ? await paced(entry.read()) : entry.object;
    const { uid } = last.metadata;
    const status = successStatus({ name: info.name!, ...(group === '' ? {} : { group }), kind: plural, uid });
    const object = status as unknown as KubeObject;
    return this.encode(admitted, { status: 200, object, type: statusType }, ctx);
  }

  async #deleteCollection(admitted: Admitted, resource: Resource, ctx: Context): Promise<ApiResponse> {
    const { engine, admission } = this.parts;
    const { request, info } = admitted;
    const to = this.#answerTo(admitted, resource);
    const options = await this.#deleteOptions(admitted, ctx);
    const call = deleteCallOf(admitted, resource, options);
    const query = parseListQuery(request.query);
    const selection = selectionOf(info, resource, query);
    const { entries, meta } = await listPage(engine, resource, selection, query, ctx);
    const gone = await deleteAll({ engine, admission }, { call, entries, options }, ctx);
    const left = gone.map((written) => written.entry);
    return this.#answers.list(to, { entries: left, meta }, ctx);
  }

  async #deleteOptions(admitted: Admitted, ctx: Context): Promise<DeleteOptions> {
    const { request } = admitted;
    const bytes = await request.body();
    const body =
      bytes.length === 0
        ? undefined
        : await this.decode(
            admitted,
            { expected: deleteOptionsType(this.parts.deleteOptionsSchema), anyVersion: true },
            ctx,
          );
    return deleteOptions(body as unknown as Json | undefined, request.query);
  }

  /** The body as what was expected, with warnings gathered for the answer. */
  async decode(
    admitted: Admitted,
    { expected, anyVersion, stored = false }: Decoding,
    ctx: Context,
  ): Promise<KubeObject> {
    const { request, info, warnings } = admitted;
    const contentType = request.headers['content-type'];
    const bytes = await request.body();
    const fieldValidation =
      request.wantsObjects && !request.query.has('fieldValidation')
        ? 'Ignore'
        : fieldValidationOf(writeOptionsOf(request, info), info);
    const warn = (message: string) => warnings.push(message);
    if (isLargeBody(bytes, bareType(contentType)))
      return this.parts.largeBodies.object(
        { contentType, bytes, anyVersion, stored, fieldValidation },
        { user: admitted.user, expected, warn },
        ctx,
      );
    const { protobuf } = this.parts.forms;
    return promptly(decodeBody({ contentType, bytes, expected, anyVersion, fieldValidation, warn, protobuf }));
  }

  #patched(
    patch: NonNullable<BodyJob['patch']>,
    { bytes, definition, user, fieldValidation, warn, apply }: Patching & { readonly apply?: ApplyTerms },
    ctx: Context,
  ): Promise<KubeObject> {
    const job = { bytes, patch, stored: true, fieldValidation, ...(apply && { apply }) };
    return this.parts.largeBodies.object(job, { user, expected: definition, warn }, ctx);
  }

  encode({ request }: Admitted, answer: Answer, ctx: Context): Promise<ApiResponse> {
    return this.#answers.other(request, answer, ctx);
  }

  /** Before anything is written: refuses what could not be answered. */
  #answerTo({ request }: Admitted, resource: Resource): AnswerTo {
    const form = request.wantsObjects ? objectFormOf(request, resource) : this.parts.forms.of(request, resource);
    return { request, form };
  }
}

const outcomeOf = ({ created, entry }: Written) => ({ status: created ? 201 : 200, entry });

interface Decoding extends Pick<BodyJob, 'anyVersion'> {
  /** See `BodyJob`; not so unless it is said. */
  readonly stored?: boolean;
  readonly expected: Expected;
}

interface Patching {
  readonly user: UserInfo;
  readonly bytes: Uint8Array;
  readonly definition: Expected;
  readonly fieldValidation: FieldValidation;
  readonly warn: (text: string) => void;
}

const destination = ({ info }: Admitted, { definition: { namespaced } }: Resource): Destination => ({
  info,
  namespaced,
});
