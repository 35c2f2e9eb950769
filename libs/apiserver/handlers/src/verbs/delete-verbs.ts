import { isLarge, paced } from '@kubernest/apiserver/codec';
import { type ApiResponse, type Expected, successStatus } from '@kubernest/apiserver/contract';
import { type DeleteOptions, deleteAll, deleteObject, type Resource, type Written } from '@kubernest/apiserver/storage';
import { metaSchema, statusType } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import type { Json, KubeObject } from '@kubernest/meta';
import { deleteOptions } from '../requests/delete-options.ts';
import { type Admitted, deleteCallOf } from '../requests/request-call.ts';
import { listPage } from './list.ts';
import { parseListQuery } from './list-options.ts';
import { selectionOf } from './selection-of.ts';
import { outcomeOf, type ResourceRequest, type Verb, type VerbParts } from './verb.ts';

const optionsType: Expected = { group: '', version: 'v1', kind: 'DeleteOptions', schema: metaSchema('DeleteOptions') };

export const deleteOne: Verb = async (parts, { admitted, resource }, ctx) => {
  const { engine, answers } = parts;
  const { info, request } = admitted;
  // compat: so may be told what could not be shown, if a finalizer keeps it.
  answers.mustTell(request, outcomeFor(resource));
  const options = await optionsIn(parts, admitted, ctx);
  const call = deleteCallOf(admitted, resource, options);
  const order = { call, namespace: info.namespace, name: info.name!, options };
  const written = await deleteObject(engine, order, ctx);
  if (!written.removed || resource.definition.deleteShowsObject)
    return answers.one(answers.to(request, resource), outcomeOf(written), ctx);
  return goneAnswer(parts, { admitted, resource }, written, ctx);
};

export const deleteCollection: Verb = async (parts, { admitted, resource }, ctx) => {
  const { engine, answers } = parts;
  const { request, info } = admitted;
  const to = answers.to(request, resource, { isList: true });
  const options = await optionsIn(parts, admitted, ctx);
  const call = deleteCallOf(admitted, resource, options);
  const query = parseListQuery(request.query);
  const selection = selectionOf(info, resource, query);
  const { entries, meta } = await listPage(engine, { resource, selection, query }, ctx);
  const gone = await deleteAll(engine, { call, entries, options }, ctx);
  const left = gone.map((written) => written.entry);
  return answers.list(to, { entries: left, meta }, ctx);
};

/** Whatever shape is asked of the object, its end is told. */
const outcomeFor = ({ definition: { columns = [] } }: Resource) => ({ type: statusType, columns });

async function goneAnswer(
  { answers }: VerbParts,
  { admitted: { request, info }, resource }: ResourceRequest,
  { entry }: Written,
  ctx: Context,
): Promise<ApiResponse> {
  const { group, plural } = resource.definition;
  const last = isLarge(entry.bytes.length) ? await paced(entry.read()) : entry.object;
  const { uid } = last.metadata;
  const status = successStatus({ name: info.name!, ...(group === '' ? {} : { group }), kind: plural, uid });
  const object = status as unknown as KubeObject;
  return answers.other(request, { status: 200, object, ...outcomeFor(resource) }, ctx);
}

async function optionsIn({ bodies }: VerbParts, admitted: Admitted, ctx: Context): Promise<DeleteOptions> {
  const { request } = admitted;
  const bytes = await request.body();
  const body =
    bytes.length === 0 ? undefined : await bodies.decode(admitted, { expected: optionsType, anyVersion: true }, ctx);
  return deleteOptions(body as unknown as Json | undefined, request.query);
}
