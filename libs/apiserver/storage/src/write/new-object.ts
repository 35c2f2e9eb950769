import { randomUUID } from 'node:crypto';
import { generateName } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { badRequest, wireTime } from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';

const systemFields = [
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/** Takes away what only the server says of an object. Throws 400. compat: who would have changed it, were it there, may say any version. */
export function begin({ call, draft: { metadata }, owned }: DraftWrite): void {
  if (metadata.resourceVersion && call.info.verb === 'create')
    throw badRequest('resourceVersion should not be set on objects to be created');
  for (const field of systemFields) delete metadata[field];
  if (!owned) delete metadata.managedFields;
}

/** What makes it this object. compat: after admission, which sees no generated name. */
export function identify({ draft: { metadata } }: DraftWrite, ctx: Context): void {
  if (!metadata.name && metadata.generateName) metadata.name = generateName(metadata.generateName);
  metadata.uid = randomUUID();
  metadata.creationTimestamp = wireTime(ctx.clock.now());
}
