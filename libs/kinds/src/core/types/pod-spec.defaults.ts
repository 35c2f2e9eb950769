import { fillIn, type Part, partAt, partsAt } from '../../draft-fields.ts';
import { defaultContainer } from './container.defaults.ts';
import { defaultVolume } from './volume.defaults.ts';

/** What holds for the pods of templates and for pods alike. */
export function defaultPodSpec(spec: Part | undefined): void {
  if (!spec) return;
  fillIn(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  // compat: the old name of this field is kept in step.
  spec.serviceAccountName ??= spec.serviceAccount;
  spec.serviceAccount = spec.serviceAccountName;
  if (spec.serviceAccount === undefined) {
    delete spec.serviceAccount;
    delete spec.serviceAccountName;
  }
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'])
    partsAt(spec, field).forEach(defaultContainer);
  partsAt(spec, 'volumes').forEach(defaultVolume);
}

/** What only pods themselves are given, so that a template stays as it was written. */
export function defaultPodOnly(spec: Part | undefined): void {
  if (!spec) return;
  fillIn(spec, { enableServiceLinks: true });
  for (const field of ['initContainers', 'containers']) {
    for (const container of partsAt(spec, field)) {
      requestWhatIsLimited(container);
      if (spec.hostNetwork === true)
        for (const port of partsAt(container, 'ports')) fillIn(port, { hostPort: port.containerPort });
    }
  }
}

/** A limit without a request asks for just that much. */
function requestWhatIsLimited(container: Part): void {
  const resources = partAt(container, 'resources');
  const limits = partAt(resources, 'limits');
  if (resources && limits) resources.requests = { ...limits, ...partAt(resources, 'requests') };
}
