import { isConditionTrue, type SentDefinition } from '@kubernest/kinds';
import { deepEqual } from '@kubernest/meta';
import type { Condition } from './conditions.ts';

export const ESTABLISHED = 'Established';
export const ACCEPTED = 'the initial names have been accepted';

/** Whether each name that it asks for is its own. */
export const hasItsNames = ({ spec, status }: SentDefinition): boolean =>
  deepEqual((spec?.names ?? {}) as never, (status?.acceptedNames ?? {}) as never);

/** Its names are its own and it is not said yet that all serve it. */
export const isInstalling = (crd: SentDefinition): boolean =>
  !crd.metadata.deletionTimestamp &&
  isConditionTrue(crd, 'NamesAccepted') &&
  hasItsNames(crd) &&
  !isConditionTrue(crd, ESTABLISHED);

export const notEstablished = (reason: string, message: string): Condition => ({
  type: ESTABLISHED,
  status: 'False',
  reason,
  message,
});
