import { ensurePart, fillIn, type Part, partAt, partsAt } from '@kubernest/definitions';

/** What a container is given when its author does not say. */
export function defaultContainer(container: Part): void {
  fillIn(container, {
    imagePullPolicy: pullPolicyOf(container.image),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  ensurePart(container, 'resources');
  for (const port of partsAt(container, 'ports')) fillIn(port, { protocol: 'TCP' });
  for (const variable of partsAt(container, 'env')) defaultReferences(partAt(variable, 'valueFrom'));
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(partAt(container, probe));
  const lifecycle = partAt(container, 'lifecycle');
  for (const hook of ['postStart', 'preStop']) defaultHttpGet(partAt(lifecycle, hook));
}

/** References to the pod's own fields: those of this version, as they are. */
export function defaultReferences(owner: Part | undefined): void {
  fillIn(partAt(owner, 'fieldRef'), { apiVersion: 'v1' });
  fillIn(partAt(owner, 'resourceFieldRef'), { divisor: '0' });
}

function defaultProbe(probe: Part | undefined): void {
  if (!probe) return;
  // Zero means "not said" for these, as they are never zero.
  for (const [field, value] of Object.entries({
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  })) {
    if (!probe[field]) probe[field] = value;
  }
  defaultHttpGet(probe);
}

function defaultHttpGet(handler: Part | undefined): void {
  fillIn(partAt(handler, 'httpGet'), { path: '/', scheme: 'HTTP' });
}

/** An image that may change under its name is pulled each time: `latest`, or no tag at all. */
export function pullPolicyOf(image: unknown): 'Always' | 'IfNotPresent' {
  if (!image) return 'IfNotPresent';
  const [name = '', digest] = String(image).split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent';
}
