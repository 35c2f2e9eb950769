import {
  annotationFaults,
  equalInSteps,
  type FieldError,
  fieldErrorsText,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  labelFaults,
  MOST_FAULTS,
  Rests,
  type Steps,
} from '@kubernest/meta';
import { ConversionFailure } from './conversion-failure.ts';

const INVALID = 'conversion_webhook_invalid_converted_object_failure';

export interface Answers {
  readonly hook: string;
  readonly asked: readonly KubeObject[];
  /** As many. Taken over. */
  readonly answered: readonly Json[];
  readonly to: string;
}

/** What each was converted to. Throws where one is not what was asked for. In short steps, as an answer is as long as its converter likes. */
export function* checkedAll({ hook, asked, answered, to }: Answers): Steps<ReadonlyMap<KubeObject, KubeObject>> {
  const converted = new Map<KubeObject, KubeObject>();
  for (const [i, object] of asked.entries()) {
    yield;
    converted.set(object, yield* checked({ hook, object, answer: answered[i]!, to, i }));
  }
  return converted;
}

interface Answered {
  readonly hook: string;
  readonly object: KubeObject;
  readonly answer: Json;
  readonly to: string;
  readonly i: number;
}

/** compat: the sentences tell at which place of those that were asked for. */
function* checked({ hook, object, answer, to, i }: Answered): Steps<KubeObject> {
  const at = `${hook} returned invalid converted object at index ${i}`;
  if (!isObject(answer)) throw new ConversionFailure(`${at}: it is no object`, INVALID);
  const { apiVersion, kind, metadata } = answer;
  if (apiVersion !== to)
    throw new ConversionFailure(
      `${at}: invalid groupVersion (expected ${to}, received ${String(apiVersion)})`,
      INVALID,
    );
  if (kind !== object.kind)
    throw new ConversionFailure(`${at}: invalid kind (expected ${object.kind}, received ${String(kind)})`, INVALID);
  const meta = isObject(metadata) ? metadata : {};
  for (const [field, word] of [
    ['name', 'name'],
    ['namespace', 'namespace'],
    ['uid', 'UID'],
  ] as const) {
    const [was, is] = [object.metadata[field] ?? '', meta[field] ?? ''];
    if (was !== is) throw new ConversionFailure(`${at}: must have the same ${word}: ${was} != ${String(is)}`, INVALID);
  }
  // Not a copy, which of a very wide object takes long and cannot be paused.
  answer['metadata'] = yield* restored(object, meta, `${hook} returned invalid metadata in object at index ${i}`);
  return answer as unknown as KubeObject;
}

/** The object's own metadata with the labels and annotations that came. */
function* restored({ metadata }: KubeObject, answer: JsonObject, at: string): Steps<JsonObject> {
  const { labels: _labels, annotations: _annotations, ...own } = metadata;
  const labels = yield* textsOf('labels', answer, at);
  const annotations = yield* textsOf('annotations', answer, at);
  if (!(yield* equalInSteps(metadata.labels, labels))) yield* refuse(labelFaults(labels ?? {}, 'metadata.labels'), at);
  // compat: Kubernetes' own word for the place.
  if (!(yield* equalInSteps(metadata.annotations, annotations)))
    yield* refuse(annotationFaults(annotations ?? {}, 'metadata.annotation'), at);
  return { ...own, ...(labels && { labels }), ...(annotations && { annotations }) } as unknown as JsonObject;
}

function* refuse(found: Iterable<readonly FieldError[]>, at: string): Steps<void> {
  const faults: FieldError[] = [];
  for (const some of found) {
    for (const fault of some) faults.push(fault);
    if (faults.length >= MOST_FAULTS) break;
    yield;
  }
  if (faults.length > 0) throw new Error(`${at}: ${fieldErrorsText(faults.slice(0, MOST_FAULTS))}`);
}

type Texts = Readonly<Record<string, string>>;

/** Undefined where there are none. */
function* textsOf(field: 'labels' | 'annotations', answer: JsonObject, at: string): Steps<Texts | undefined> {
  const texts = answer[field];
  if (texts === undefined || texts === null) return undefined;
  const refused = () => new ConversionFailure(`${at}: invalid metadata.${field} in converted object`, INVALID);
  if (!isObject(texts)) throw refused();
  const rests = new Rests();
  const keys = Object.keys(texts);
  for (const key of keys) {
    if (rests.isDue()) yield;
    if (typeof texts[key] !== 'string') throw refused();
  }
  return keys.length === 0 ? undefined : (texts as Texts);
}
