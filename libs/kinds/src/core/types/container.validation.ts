import type { Container, PodSpec } from '@kubernest/api-types/core/v1';
import { faultsOfEach, oneOf, requiredForm, requiredOneOf } from '@kubernest/definitions';
import {
  type FieldError,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldNotFound,
  fieldRequired,
  fieldTooMany,
  validateDns1123Label,
} from '@kubernest/meta';
import { validateHostPorts, validatePorts } from './container-port.validation.ts';
import { validateEnv, validateEnvFrom } from './env.validation.ts';
import { type Volumes, validateDevices, validateMounts } from './mount.validation.ts';
import { forbidProbes, validateProbesAndHooks } from './probe.validation.ts';
import { validateResources } from './resources.validation.ts';
import { validateSecurityContext } from './security-context.validation.ts';

/** What a container is judged by besides itself. */
interface Around {
  readonly spec: PodSpec;
  readonly volumes: Volumes;
  /** Names of the pod's resource claims. */
  readonly claims: ReadonlySet<string>;
}

/** All containers of a pod: each by itself, and together, as names and host ports are shared. */
export function validateContainers(spec: PodSpec, volumes: Volumes, path: string): FieldError[] {
  const claims = new Set((spec.resourceClaims ?? []).flatMap(({ name }) => name || []));
  const around: Around = { spec, volumes, claims };
  return [
    ...validateRegular(around, `${path}.containers`),
    ...validateInit(around, `${path}.initContainers`),
    ...validateEphemeral(around, `${path}.ephemeralContainers`),
  ];
}

function validateRegular(around: Around, path: string): FieldError[] {
  const { containers = [] } = around.spec;
  if (containers.length === 0) return [fieldRequired(path)];
  const names = new Set<string>();
  const each = faultsOfEach(containers, (container, i) => {
    const here = `${path}[${i}]`;
    const faults = validateContainer(container, here, around);
    if (names.has(container.name)) faults.push(fieldDuplicate(`${here}.name`, container.name));
    names.add(container.name);
    return [
      ...faults,
      ...validateProbesAndHooks(container, here, around.spec.terminationGracePeriodSeconds),
      ...validateRestart(container, here),
    ];
  });
  return [...each, ...validateHostPorts(containers, path)];
}

function validateInit(around: Around, path: string): FieldError[] {
  const names = new Set((around.spec.containers ?? []).map((container) => container.name));
  return faultsOfEach(around.spec.initContainers ?? [], (container, i) => {
    const here = `${path}[${i}]`;
    const faults = [...validateContainer(container, here, around), ...validateRestart(container, here)];
    if (names.has(container.name)) faults.push(fieldDuplicate(`${here}.name`, container.name));
    else if (container.name) names.add(container.name);
    // Init containers run one by one, so their ports never meet.
    faults.push(...validateHostPorts([container], path));
    return container.restartPolicy === 'Always'
      ? [...faults, ...validateProbesAndHooks(container, here, around.spec.terminationGracePeriodSeconds)]
      : [...faults, ...forbidProbes(container, here)];
  });
}

const notForEphemeral = ['ports', 'resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const;

function validateEphemeral(around: Around, path: string): FieldError[] {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = around.spec;
  const others = new Set([...containers, ...initContainers].map((container) => container.name));
  const names = new Set(others);
  return faultsOfEach(ephemeralContainers, (container, i) => {
    const here = `${path}[${i}]`;
    const no = 'cannot be set for an Ephemeral Container';
    const { name, targetContainerName: target } = container;
    const faults = [...validateContainer(container, here, around), ...validateImage(container, here)];
    if (names.has(name)) faults.push(fieldDuplicate(`${here}.name`, name));
    names.add(name);
    if (target && !others.has(target)) faults.push(fieldNotFound(`${here}.targetContainerName`, target));
    for (const field of notForEphemeral)
      if (Object.keys(container[field] ?? {}).length > 0) faults.push(fieldForbidden(`${here}.${field}`, no));
    for (const [j, mount] of (container.volumeMounts ?? []).entries())
      for (const field of ['subPath', 'subPathExpr'] as const)
        if (mount[field]) faults.push(fieldForbidden(`${here}.volumeMounts[${j}].${field}`, no));
    return faults;
  });
}

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const terminationMessagePolicies = ['File', 'FallbackToLogsOnError'];

/** What holds for containers of every sort. */
function validateContainer(container: Container, path: string, { spec, volumes, claims }: Around): FieldError[] {
  return [
    ...requiredForm(`${path}.name`, container.name, validateDns1123Label),
    ...(container.image ? [] : [fieldRequired(`${path}.image`)]),
    ...requiredOneOf(
      `${path}.terminationMessagePolicy`,
      container.terminationMessagePolicy,
      terminationMessagePolicies,
    ),
    ...validatePorts(container.ports ?? [], `${path}.ports`),
    ...validateEnv(container.env ?? [], `${path}.env`),
    ...validateEnvFrom(container.envFrom ?? [], `${path}.envFrom`),
    ...validateMounts(container, volumes, path),
    ...validateDevices(container, volumes, path),
    ...requiredOneOf(`${path}.imagePullPolicy`, container.imagePullPolicy, pullPolicies),
    ...validateResources(container.resources, `${path}.resources`, claims),
    ...validateResize(container, `${path}.resizePolicy`, spec.restartPolicy),
    ...validateSecurityContext(container.securityContext, `${path}.securityContext`, spec.hostUsers !== false),
  ];
}

/** compat: of pods, and not of templates. */
export function validateImage({ image = '' }: Pick<Container, 'image'>, path: string): FieldError[] {
  return image.trim() === image
    ? []
    : [fieldInvalid(`${path}.image`, image, 'must not have leading or trailing whitespace')];
}

function validateResize({ resizePolicy = [] }: Container, path: string, restart: string | undefined): FieldError[] {
  const seen = new Set<string>();
  return faultsOfEach(resizePolicy, ({ resourceName, restartPolicy }, i) => {
    const faults = seen.has(resourceName) ? [fieldDuplicate(`${path}[${i}]`, resourceName)] : [];
    seen.add(resourceName);
    faults.push(
      ...requiredOneOf(path, resourceName, ['cpu', 'memory']),
      ...requiredOneOf(path, restartPolicy, ['NotRequired', 'RestartContainer']),
    );
    if (restart === 'Never' && restartPolicy !== 'NotRequired')
      faults.push(fieldInvalid(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
    return faults;
  });
}

const most = { rules: 20, exitCodes: 255 };

/** A container's own word on when it is started again. */
function validateRestart({ restartPolicy, restartPolicyRules: rules = [] }: Container, path: string): FieldError[] {
  const field = `${path}.restartPolicy`;
  const list = `${path}.restartPolicyRules`;
  const faults: FieldError[] = [];
  if (restartPolicy !== undefined) faults.push(...oneOf(field, restartPolicy, ['Always', 'Never', 'OnFailure']));
  else if (rules.length > 0)
    faults.push(fieldRequired(field, 'must specify restartPolicy when restart rules are used'));
  if (rules.length > most.rules) faults.push(fieldTooMany(list, rules.length, most.rules));
  for (const [i, { action, exitCodes }] of rules.entries()) {
    faults.push(...oneOf(`${list}[${i}].action`, action, ['Restart', 'RestartAllContainers']));
    if (!exitCodes) {
      faults.push(fieldRequired(`${list}[${i}].exitCodes`, 'must be specified'));
      continue;
    }
    faults.push(...oneOf(`${list}[${i}].exitCodes.operator`, exitCodes.operator, ['In', 'NotIn']));
    const count = exitCodes.values?.length ?? 0;
    if (count > most.exitCodes) faults.push(fieldTooMany(`${list}[${i}].exitCodes.values`, count, most.exitCodes));
  }
  return faults;
}
