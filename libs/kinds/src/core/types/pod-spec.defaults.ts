import { ensurePart, fillIn, type Part, partAt, partsAt } from '@kubernest/definitions';
import { addQuantities, formatQuantity, parseQuantity } from '@kubernest/meta';
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
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  if (account !== undefined) Object.assign(spec, { serviceAccountName: account, serviceAccount: account });
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'])
    partsAt(spec, field).forEach(defaultContainer);
  partsAt(spec, 'volumes').forEach(defaultVolume);
}

/** What only pods themselves are given, so that a template stays as it was written. */
export function defaultPodOnly(spec: Part | undefined): void {
  if (!spec) return;
  fillIn(spec, { enableServiceLinks: true });
  // compat: a time below zero means one second.
  if (Number(spec.terminationGracePeriodSeconds) < 0) spec.terminationGracePeriodSeconds = 1;
  for (const field of ['initContainers', 'containers']) {
    for (const container of partsAt(spec, field)) {
      requestWhatIsLimited(container);
      if (spec.hostNetwork === true)
        for (const port of partsAt(container, 'ports')) fillIn(port, { hostPort: port.containerPort });
    }
  }
  requestForTheWhole(spec);
}

/** A limit without a request asks for just that much. */
function requestWhatIsLimited(container: Part): void {
  const resources = partAt(container, 'resources');
  const limits = partAt(resources, 'limits');
  if (resources && limits) resources.requests = { ...limits, ...partAt(resources, 'requests') };
}

const measured = ['cpu', 'memory'];

/** A pod that is limited as a whole asks as a whole: for what its containers ask together, else for as much as its limit. */
function requestForTheWhole(spec: Part): void {
  const resources = partAt(spec, 'resources');
  const limits = partAt(resources, 'limits');
  if (!resources || !limits) return;
  const requests = ensurePart(resources, 'requests');
  const containers = partsAt(spec, 'containers').map((container) => partAt(partAt(container, 'resources'), 'requests'));
  for (const name of measured) {
    const asked = containers.flatMap((each) => (each?.[name] === undefined ? [] : [String(each[name])]));
    const sum = asked.length > 0 ? formatQuantity(asked.reduce(addQuantities, parseQuantity('0'))) : limits[name];
    if (sum !== undefined) fillIn(requests, { [name]: sum });
  }
}
