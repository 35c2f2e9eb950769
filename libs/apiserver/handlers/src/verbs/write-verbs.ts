import type { Draft } from '@kubernest/apiserver/codec';
import { createObject, replaceObject, settleIdentity, settleNamespace } from '@kubernest/apiserver/storage';
import { bodyCallOf } from '../requests/request-call.ts';
import { destinationOf, outcomeOf, type Verb } from './verb.ts';

export const create: Verb = async ({ engine, answers, bodies }, request, ctx) => {
  const { admitted, resource } = request;
  const to = answers.to(admitted.request, resource);
  const call = await bodyCallOf(admitted, resource);
  const draft = (await bodies.decode(admitted, { expected: resource.definition, stored: true }, ctx)) as Draft;
  settleNamespace(draft, destinationOf(request));
  const written = await createObject(engine, { call, draft }, ctx);
  return answers.one(to, outcomeOf(written), ctx);
};

export const update: Verb = async ({ engine, answers, bodies }, request, ctx) => {
  const { admitted, resource } = request;
  const to = answers.to(admitted.request, resource);
  const call = await bodyCallOf(admitted, resource);
  const body = await bodies.decode(admitted, { expected: resource.definition, stored: true }, ctx);
  settleIdentity(body, destinationOf(request));
  const written = await replaceObject(engine, { call, body }, ctx);
  return answers.one(to, outcomeOf(written), ctx);
};
