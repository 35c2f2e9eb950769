import { type AdmissionPlugin, subjectOf } from '@kubernest/apiserver/contract';
import { forbidden } from '@kubernest/meta';
import type { PodDraft } from '../pods.ts';

/** What a pod costs besides its containers says its RuntimeClass alone. None exists: the kind is served by a later level. */
export const runtimeClass: AdmissionPlugin = {
  name: 'runtime-class',
  sees: { resources: ['pods'], on: ['create'] },
  validate(call) {
    const { spec = {} } = call.object as Partial<PodDraft>;
    const refuse = (why: string) => forbidden(subjectOf(call), `pod rejected: ${why}`);
    if (spec.runtimeClassName !== undefined)
      throw refuse(`RuntimeClass ${JSON.stringify(spec.runtimeClassName)} not found`);
    if (spec.overhead) throw refuse('Pod Overhead set without corresponding RuntimeClass defined Overhead');
  },
};
