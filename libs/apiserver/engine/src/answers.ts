import type { Context } from '@kubernest/kit';
import type { KubeObject, Steps } from '@kubernest/meta';
import type { CacheEntry } from './cache/cache-entry.ts';
import type { Resource } from './catalog/resource.ts';
import type { Form } from './codec/form.ts';
import type { Forms } from './codec/forms.ts';
import type { ApiRequest, ApiResponse, Expected } from './contract/index.ts';
import { contentResponse, packed } from './responses.ts';
import type { Page } from './verbs/list.ts';
import { isLarge, paced } from './write/pace.ts';

/** Who is answered, about what. */
export interface AnswerTo {
  readonly request: ApiRequest;
  readonly resource: Resource;
  /** Absent for callers that take objects. */
  readonly form: Form | undefined;
}

/** What is no stored object; `type` is absent where nobody knows it. */
export interface Answer {
  readonly status: number;
  readonly object: KubeObject;
  readonly type: Expected | undefined;
}

/** The entries that it is answered with have to be in the resource's version. */
export const needsVersion = ({ form }: AnswerTo): boolean => form?.ofMetadata !== true;

/** How answers go out: to each in the form that it takes, or as the cache's own objects. */
export class Answers {
  constructor(private readonly forms: Forms) {}

  async one(
    { form }: AnswerTo,
    { status, entry }: { readonly status: number; readonly entry: CacheEntry },
    ctx: Context,
  ): Promise<ApiResponse> {
    if (!form) {
      const object = isLarge(entry.bytes.length) ? await paced(entry.read()) : entry.object;
      return { kind: 'object', status, object };
    }
    return contentResponse({ status, contentType: form.contentType, content: form.one(entry) }, this.forms.spares, ctx);
  }

  async list({ request, resource, form }: AnswerTo, { entries, meta }: Page, ctx: Context): Promise<ApiResponse> {
    if (form) {
      const content = { status: 200, contentType: form.contentType, content: form.list(entries, meta) };
      return packed(request, await contentResponse(content, this.forms.spares, ctx));
    }
    const items = await paced(objectsOf(entries));
    const kind = `${resource.definition.kind}List`;
    return { kind: 'object', status: 200, object: { kind, apiVersion: resource.apiVersion, metadata: meta, items } };
  }

  async other(request: ApiRequest, { status, object, type }: Answer, ctx: Context): Promise<ApiResponse> {
    if (request.wantsObjects) return { kind: 'object', status, object };
    return contentResponse({ status, ...this.forms.single(request, object, type) }, this.forms.spares, ctx);
  }
}

function* objectsOf(entries: readonly CacheEntry[]): Steps<readonly KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const entry of entries) {
    const isLong = isLarge(entry.bytes.length);
    objects.push(isLong ? yield* entry.read() : entry.object);
    if (isLong) yield;
  }
  return objects;
}
