import {
  type CacheEntry,
  type Form,
  type Forms,
  type ObjectForm,
  objectFormOf,
  objectList,
  paced,
  reading,
  type Single,
  type SingleType,
  type WatchForm,
} from '@kubernest/apiserver/codec';
import type { ApiRequest, ApiResponse } from '@kubernest/apiserver/contract';
import type { Resource } from '@kubernest/apiserver/storage';
import type { Context } from '@kubernest/kit';
import type { KubeObject, Steps } from '@kubernest/meta';
import type { Page } from '../verbs/list.ts';
import { contentResponse, packed } from './responses.ts';

/** Who is answered, about what. */
export interface AnswerTo {
  readonly request: ApiRequest;
  readonly form: Form | ObjectForm;
}

export interface Answer extends Single {
  readonly status: number;
}

/** The entries that it is answered with have to be in the resource's version. */
export const needsVersion = ({ form }: AnswerTo): boolean => form.reads !== 'metadata';

/** How answers go out: to each in the form that it takes, or as the cache's own objects. */
export class Answers {
  constructor(private readonly forms: Forms) {}

  /** To be asked before anything is written: refuses what could not be answered. */
  to(request: ApiRequest, resource: Resource, { isList } = { isList: false }): AnswerTo {
    const form = request.wantsObjects ? objectFormOf(request, resource) : this.forms.of(request, resource, { isList });
    return { request, form };
  }

  ofWatch(request: ApiRequest, resource: Resource): WatchForm | ObjectForm {
    return request.wantsObjects ? objectFormOf(request, resource) : this.forms.ofWatch(request, resource);
  }

  one(
    { form }: AnswerTo,
    { status, entry }: { readonly status: number; readonly entry: CacheEntry },
    ctx: Context,
  ): ApiResponse | Promise<ApiResponse> {
    if ('type' in form)
      return paced(reading(entry, form.reads)).then(() => ({ kind: 'object', status, object: form.one(entry) }));
    return contentResponse({ status, contentType: form.contentType, content: form.one(entry) }, this.forms.spares, ctx);
  }

  async list({ request, form }: AnswerTo, { entries, meta }: Page, ctx: Context): Promise<ApiResponse> {
    if ('type' in form) {
      const items = await paced(objectsOf(form, entries));
      return { kind: 'object', status: 200, object: objectList(form, items, meta) };
    }
    const content = { status: 200, contentType: form.contentType, content: form.list(entries, meta) };
    return packed(request, await contentResponse(content, this.forms.spares, ctx));
  }

  /** To be asked before anything is done: refuses what `other` could not tell. */
  mustTell(request: ApiRequest, single: SingleType): void {
    if (!request.wantsObjects) this.forms.ofSingle(request, single);
  }

  async other(request: ApiRequest, { status, ...single }: Answer, ctx: Context): Promise<ApiResponse> {
    if (request.wantsObjects) return { kind: 'object', status, object: single.object };
    return contentResponse({ status, ...this.forms.single(request, single) }, this.forms.spares, ctx);
  }
}

function* objectsOf(form: ObjectForm, entries: readonly CacheEntry[]): Steps<readonly KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const entry of entries) {
    yield* reading(entry, form.reads);
    objects.push(form.one(entry));
  }
  return objects;
}
