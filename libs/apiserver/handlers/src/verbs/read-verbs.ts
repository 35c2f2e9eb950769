import { onceDone } from '@kubernest/meta';
import { needsVersion } from '../answers/answers.ts';
import { getEntry } from './get.ts';
import { listPage } from './list.ts';
import { parseListQuery } from './list-options.ts';
import { openWatch } from './open-watch.ts';
import { selectionOf } from './selection-of.ts';
import type { Verb } from './verb.ts';

export const get: Verb = ({ engine, answers }, { admitted: { request, info }, resource }, ctx) => {
  const to = answers.to(request, resource);
  const target = { resource, namespace: info.namespace, name: info.name! };
  const found = getEntry(engine, target, request.query.get('resourceVersion') ?? '', ctx);
  const shown = onceDone(found, (stored) => (needsVersion(to) ? engine.views.one(resource, stored, ctx) : stored));
  return onceDone(shown, (entry) => answers.one(to, { status: 200, entry }, ctx));
};

export const list: Verb = async ({ engine, answers }, { admitted: { request, info }, resource }, ctx) => {
  const to = answers.to(request, resource, { isList: true });
  const query = parseListQuery(request.query);
  const selection = selectionOf(info, resource, query);
  const { entries: stored, meta } = await listPage(engine, { resource, selection, query }, ctx);
  const shown = needsVersion(to) ? engine.views.all(resource, stored, ctx) : stored;
  const entries = shown instanceof Promise ? await shown : shown;
  return answers.list(to, { entries, meta }, ctx);
};

export const watch: Verb = ({ engine, answers }, { admitted: { request, info }, resource }, ctx) => {
  const form = answers.ofWatch(request, resource);
  const query = parseListQuery(request.query);
  const selection = selectionOf(info, resource, query);
  return openWatch({ engine, resource, selection, query, form }, ctx);
};
