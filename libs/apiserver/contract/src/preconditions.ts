import { conflict, type ObjectMeta, type Subject, staleObject } from '@kubernest/meta';

/** Throws 409 when `live` is another object than the caller changes, or no longer as they saw it. What they leave open is not asked. */
export function checkPreconditions(
  subject: Subject,
  { uid, resourceVersion }: Pick<ObjectMeta, 'uid' | 'resourceVersion'>,
  live: ObjectMeta,
): void {
  if (uid && uid !== live.uid)
    throw conflict(subject, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.uid}`);
  if (resourceVersion && resourceVersion !== live.resourceVersion) throw staleObject(subject);
}
