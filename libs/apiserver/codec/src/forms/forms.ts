import type { ApiRequest, Expected, ProtobufCodec } from '@kubernest/apiserver/contract';
import type { Clock } from '@kubernest/kit';
import { badRequest, jsonBytesInSteps, type KubeObject, type Status, type Steps } from '@kubernest/meta';
import { type Accept, type Media, mediaTypes, negotiate, parseAccept } from './accept.ts';
import type { Form, ServedVersion, ValueForm, WatchForm } from './form.ts';
import { JsonForm } from './json-form.ts';
import { checkOneOrMany } from './one-or-many.ts';
import { metadataAlone, PartialForm, partialType } from './partial-form.ts';
import { type Parts, withTurns } from './parts.ts';
import { ProtobufForm, wholeObject } from './protobuf-form.ts';
import { hasShape, isOutcome, type Single, type SingleType, shaped } from './single.ts';
import { SpareBuffers } from './spare-buffers.ts';
import { type IncludeObject, TableForm } from './table-form.ts';
import { toYaml, YamlForm } from './yaml-form.ts';

const streamed = [mediaTypes.json, mediaTypes.protobuf].map((type) => `${type};stream=watch`);
const includes: readonly string[] = ['None', 'Metadata', 'Object'];

interface SingleForm {
  readonly accept: Accept;
  readonly includeObject: IncludeObject;
}

interface Encoded {
  readonly contentType: string;
  readonly content: Uint8Array | Parts;
}

/** Finds the form a client asks for. Forms are made once and kept as long as what they are of is served. */
export class Forms {
  readonly #made = new WeakMap<ServedVersion, Map<string, WatchForm>>();
  /** What the memory of large lists is taken from; to be given back once they are sent. */
  readonly spares = new SpareBuffers();

  constructor(
    private readonly clock: Clock,
    readonly protobuf: ProtobufCodec | undefined,
  ) {}

  /** For answers that are one resource's objects: one of them, or a list. Throws 406. */
  of(request: ApiRequest, resource: ServedVersion, { isList } = { isList: false }): Form {
    const accept = negotiate(request.headers['accept'], (a) => this.#can(a, resource.definition));
    checkOneOrMany(accept, resource.definition, isList);
    const form = this.#formOf(accept, request, resource);
    // What YAML is made from is JSON.
    return accept.media === 'yaml' ? new YamlForm(form as ValueForm) : form;
  }

  /** For a watch, which nobody streams as YAML. Throws 406. */
  ofWatch(request: ApiRequest, resource: ServedVersion): WatchForm {
    const can = (accept: Accept) => accept.media !== 'yaml' && this.#can(accept, resource.definition);
    return this.#formOf(negotiate(request.headers['accept'], can, streamed), request, resource);
  }

  #formOf(accept: Accept, request: ApiRequest, resource: ServedVersion): WatchForm {
    const include = accept.as === 'Table' ? this.#includeObject(request) : 'Metadata';
    const key = `${accept.media === 'protobuf'} ${accept.as ?? ''} ${accept.asVersion ?? ''} ${include}`;
    const made = this.#made.getOrInsertComputed(resource, () => new Map());
    return made.getOrInsertComputed(key, () => this.#make(accept, resource, include));
  }

  #includeObject(request: ApiRequest): IncludeObject {
    const value = request.query.get('includeObject') || 'Metadata';
    if (includes.includes(value)) return value as IncludeObject;
    const why = `Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`;
    throw badRequest(`Unable to convert to Table as requested: includeObject: ${why}`);
  }

  #can(accept: Accept, type: Expected): boolean {
    if (accept.media !== 'protobuf') return true;
    if (accept.as === 'Table') return false;
    return this.protobuf?.supports(accept.as ? partialType(accept.asVersion) : type) === true;
  }

  #make(accept: Accept, resource: ServedVersion, includeObject: IncludeObject): WatchForm {
    const version = accept.asVersion ?? 'v1';
    if (accept.media === 'protobuf') {
      const message = accept.as ? metadataAlone(resource, version) : wholeObject(resource);
      return new ProtobufForm(message, this.protobuf!);
    }
    if (accept.as === undefined) return new JsonForm(resource, this.spares);
    return accept.as === 'Table'
      ? new TableForm(resource, { version, includeObject, now: () => this.clock.now() })
      : new PartialForm(resource, version);
  }

  /** A Status in the first form the client names that can hold one. compat: JSON where it named none, for an error must be told. */
  status(request: ApiRequest, status: Status): Encoded {
    const accept = parseAccept(request.headers['accept']).find(
      ({ as, media }) => as === undefined && (media !== 'protobuf' || this.protobuf !== undefined),
    );
    return inMedia(accept?.media ?? 'json', status, () => this.protobuf!.encodeStatus(status));
  }

  /** Of what is no stored object. Throws 406, before there is one. */
  ofSingle(request: ApiRequest, single: SingleType): SingleForm {
    const { type } = single;
    const can = (each: Accept) => hasShape(single, each) && this.#can(each, type);
    const accept = negotiate(request.headers['accept'], can);
    if (!isOutcome(type)) checkOneOrMany(accept, type, false);
    const includeObject = accept.as === 'Table' ? this.#includeObject(request) : 'Metadata';
    return { accept, includeObject };
  }

  /** For answers that are no stored object: subresource bodies, reviews. Throws 406. */
  single(request: ApiRequest, single: Single): Encoded {
    const { object, type } = single;
    const { accept, includeObject } = this.ofSingle(request, single);
    const shown = shaped(single, accept, { includeObject, now: () => this.clock.now() });
    const message = shown === object ? type : partialType(accept.asVersion);
    return inMedia(accept.media, shown, () => madeInSteps(this.protobuf!.encodeInSteps(shown as KubeObject, message)));
  }
}

function inMedia(media: Media, object: object, protobuf: () => Uint8Array | Parts): Encoded {
  const contentType = mediaTypes[media];
  if (media === 'protobuf') return { contentType, content: protobuf() };
  return { contentType, content: media === 'yaml' ? toYaml(object) : madeInSteps(jsonBytesInSteps(object)) };
}

/** Nobody knows how large it is before it is written: at once where that is a single step. */
function madeInSteps(steps: Steps<Buffer>): Uint8Array | Parts {
  const first = steps.next();
  return first.done ? first.value : theRest(steps);
}

function* theRest(steps: Steps<Buffer>): Generator<Uint8Array | undefined> {
  yield undefined;
  yield yield* withTurns(steps);
}
