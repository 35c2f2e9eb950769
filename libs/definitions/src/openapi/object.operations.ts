import type { ResourceDefinition } from '../definition.ts';
import { operationId } from './names.ts';
import {
  type Body,
  base,
  formsOf,
  type KindWithSchema,
  type Method,
  type Operation,
  type Place,
  parametersAt,
} from './operation.ts';
import * as params from './parameters.ts';

type ObjectMethod = Exclude<Method, 'head' | 'options'>;

const verbMethods: readonly (readonly [verb: string, method: ObjectMethod])[] = [
  ['get', 'get'],
  ['update', 'put'],
  ['patch', 'patch'],
  ['delete', 'delete'],
];
const queries: Readonly<Record<ObjectMethod, readonly params.Parameter[]>> = {
  get: [],
  put: params.writeQuery,
  patch: params.patchQuery,
  delete: params.deleteQuery,
  post: params.writeQuery,
};
const words: Readonly<Record<ObjectMethod, readonly [id: string, text: string]>> = {
  post: ['create', 'create'],
  get: ['read', 'read the specified'],
  put: ['replace', 'replace the specified'],
  patch: ['patch', 'partially update the specified'],
  delete: ['delete', 'delete a'],
};

export interface Part {
  readonly path: string;
  readonly kind: KindWithSchema;
  readonly verbs: readonly string[];
  /** `Status` of `PodStatus`; '' for the object itself. */
  readonly suffix: string;
}

/** What can be done with one object, or one subresource of it that looks like an object. */
export function objectOperations(place: Place, part: Part): Operation[] {
  const methods = part.suffix ? [...verbMethods, ['create', 'post'] as const] : verbMethods;
  return methods.filter(([verb]) => part.verbs.includes(verb)).map(([, method]) => operation(place, part, method));
}

function operation(place: Place, part: Part, method: ObjectMethod): Operation {
  const { definition, noun } = place;
  const [verb, text] = words[method];
  const body = bodyOf(place, part, method);
  const isDelete = method === 'delete';
  return {
    // compat: of a custom kind, even a scale is said to be of the kind.
    ...base(place, part.path, definition.customSchema ? definition : part.kind),
    method,
    action: method,
    description: `${text} ${part.suffix && `${part.suffix.toLowerCase()} of `}${definition.kind}`,
    id: operationId(verb, definition, noun + part.suffix),
    parameters: parametersAt(place, [params.namePath], queryOf(definition, method)),
    ...(body && { body }),
    answer: isDelete && !definition.deleteShowsObject ? { meta: 'Status' } : { kind: part.kind },
    media: formsOf(definition).answer,
    created: method !== 'get' && !isDelete,
    accepted: method === 'post' || isDelete,
  };
}

const queryOf = ({ customSchema }: ResourceDefinition, method: ObjectMethod): readonly params.Parameter[] =>
  customSchema && method === 'get' ? params.customReadQuery : queries[method];

function bodyOf({ definition }: Place, { kind }: Part, method: ObjectMethod): Body | undefined {
  const { body, patch } = formsOf(definition);
  if (method === 'get') return undefined;
  if (method === 'patch') return { payload: 'patch', media: patch, required: true };
  if (method === 'delete') return { payload: { meta: 'DeleteOptions' }, media: body, required: false };
  return { payload: { kind }, media: body, required: true };
}
