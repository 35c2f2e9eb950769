import type { AdmissionPlugin } from '@kubernest/apiserver/engine';
import { forbidden, type KubeObject } from '@kubernest/meta';
import type { PodDraft } from '../pods.ts';

/** What a pod costs besides its containers says its RuntimeClass alone. None exists: the kind is served by a later level. */
export const runtimeClass: AdmissionPlugin = {
  name: 'runtime-class',
  sees: { resources: ['pods'], on: ['create'] },
  validate({ object, info }) {
    const { spec = {}, metadata } = object as Partial<PodDraft> & KubeObject;
    const refuse = (why: string) =>
      forbidden({ group: '', resource: 'pods', name: info.name ?? metadata.name }, `pod rejected: ${why}`);
    if (spec.runtimeClassName !== undefined)
      throw refuse(`RuntimeClass ${JSON.stringify(spec.runtimeClassName)} not found`);
    if (spec.overhead) throw refuse('Pod Overhead set without corresponding RuntimeClass defined Overhead');
  },
};
