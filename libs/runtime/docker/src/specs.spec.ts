import type { ContainerConfig } from '@kubernest/runtime/contract';
import { ContainerConfigError } from '@kubernest/runtime/contract';
import { describe, expect, it } from 'vitest';
import { containerConfig, sandboxConfig } from '../../contract/src/suite.ts';
import { checkCgroupParent } from './cgroup-parent.ts';
import { containerSpec } from './container-spec.ts';
import { containerLabels, engineName, parseLabels, sandboxLabels } from './labels.ts';
import { sandboxSpec } from './sandbox-spec.ts';
import { containerState, type Inspected, sandboxState } from './state.ts';

const owner = { cluster: 'c', node: 'n' };
const pod = { uid: 'u-1', name: 'web', namespace: 'default' };
const sandbox = sandboxConfig({
  pod,
  attempt: 1,
  hostname: 'web',
  labels: { app: 'x', 'io.kubernest.cluster': 'stolen', 'io.kubernetes.pod.uid': 'stolen' },
});
const container = containerConfig({ id: 'box', pod }, { id: 'sha256:1', name: 'busybox' }, '', {
  attempt: 2,
  command: undefined,
  log: { maxBytes: 1000, maxFiles: 3 },
});
const facts = { hostNetwork: false, hostIpc: false, cgroupParent: '' };
const features = { networkDisabled: true, oomFloor: -1000 };
const spec = (over: Partial<ContainerConfig>, floor = -1000) =>
  containerSpec({ ...container, ...over }, facts, owner, floor);

describe('labels', () => {
  it('survive the engine, and a pod’s own labels cannot pose as ours', () => {
    expect(parseLabels(sandboxLabels(sandbox, owner), owner)).toMatchObject({
      type: 'sandbox',
      pod,
      attempt: 1,
      labels: sandbox.labels,
    });
    expect(parseLabels(containerLabels(container, owner), owner)).toMatchObject({
      type: 'container',
      name: 'main',
      sandboxId: 'box',
      attempt: 2,
    });
  });

  it('of another cluster or node are not ours', () => {
    const labels = sandboxLabels(sandbox, owner);
    expect(parseLabels(labels, { ...owner, cluster: 'd' })).toBeUndefined();
    expect(parseLabels(labels, { ...owner, node: 'm' })).toBeUndefined();
    expect(parseLabels({}, owner)).toBeUndefined();
  });

  it('name containers as Kubernetes with Docker did', () => {
    expect(engineName('main', pod, 2)).toBe('k8s_main_web_default_u-1_2');
  });
});

describe('a sandbox', () => {
  it('has no network of the engine’s', () => {
    expect(sandboxSpec(sandbox, 'i', owner, features)).toMatchObject({
      NetworkDisabled: true,
      Hostname: 'web',
      HostConfig: { NetworkMode: 'none', IpcMode: 'shareable', OomScoreAdj: -998 },
    });
  });

  it('of the machine’s network takes its names too', () => {
    const made = sandboxSpec({ ...sandbox, network: 'host' }, 'i', owner, features);
    expect(made.HostConfig).toMatchObject({ NetworkMode: 'host', UTSMode: 'host' });
    expect(made).not.toHaveProperty('NetworkDisabled');
    expect(made).not.toHaveProperty('Hostname');
  });

  it('asks for no lower score than the machine allows', () => {
    expect(sandboxSpec(sandbox, 'i', owner, { ...features, oomFloor: 0 }).HostConfig?.OomScoreAdj).toBe(0);
  });
});

describe('a container', () => {
  it('leaves command and arguments to its image unless told', () => {
    expect(spec({})).not.toHaveProperty('Entrypoint');
    expect(spec({})).not.toHaveProperty('Cmd');
    expect(spec({ command: ['a'], args: ['b'] })).toMatchObject({ Entrypoint: ['a'], Cmd: ['b'] });
  });

  it.each([
    ['its own pids', { pidNamespace: 'container' }, undefined],
    ['the pod’s pids', { pidNamespace: 'pod' }, 'container:box'],
    ['the machine’s pids', { pidNamespace: 'host' }, 'host'],
  ] as const)('sees %s', (_what, over, mode) => expect(spec(over).HostConfig?.PidMode).toBe(mode));

  it('gets no swap on top of its memory', () => {
    expect(spec({ resources: { memoryLimit: 64 } }).HostConfig).toMatchObject({ Memory: 64, MemorySwap: 64 });
  });

  it.each([
    ['private', undefined],
    ['rslave', { Propagation: 'rslave' }],
    ['rshared', { Propagation: 'rshared' }],
  ] as const)('shares its mounts with the machine: %s', (propagation, options) => {
    const mount = { hostPath: '/', containerPath: '/host', readOnly: true, propagation };
    expect(spec({ mounts: [mount] }).HostConfig?.Mounts?.[0]?.BindOptions).toEqual(options);
  });

  it('is refused for what no process can have', () => {
    expect(() => spec({ env: [{ name: 'A=B', value: '' }] })).toThrow(ContainerConfigError);
    expect(() => spec({ env: [{ name: 'A', value: 'x\0y' }] })).toThrow(ContainerConfigError);
    expect(() =>
      spec({ mounts: [{ hostPath: '/a', containerPath: 'b', readOnly: true, propagation: 'private' }] }),
    ).toThrow('must be absolute');
    expect(() => spec({ security: { ...container.security, seccompProfile: '/no/such/profile' } })).toThrow(
      'cannot be read',
    );
  });

  it('is confined unless told otherwise', () => {
    expect(spec({}).HostConfig?.SecurityOpt).toEqual(['no-new-privileges']);
    const free = { ...container.security, allowPrivilegeEscalation: true, seccompProfile: 'unconfined' };
    expect(spec({ security: free }).HostConfig?.SecurityOpt).toEqual(['seccomp=unconfined']);
    const labelled = { ...free, seLinux: { type: 'spc_t', level: 's0:c1' } };
    expect(spec({ security: labelled }).HostConfig?.SecurityOpt).toEqual([
      'seccomp=unconfined',
      'label=type:spc_t',
      'label=level:s0:c1',
    ]);
  });
});

describe('state', () => {
  const inspected = (state: object, mode = 'none') =>
    ({
      Id: 'i',
      Created: '2026-01-01T00:00:00.123456789Z',
      Image: 'sha256:1',
      LogPath: '',
      HostConfig: { NetworkMode: mode },
      State: {
        Status: 'running',
        Running: true,
        Paused: false,
        Pid: 7,
        ExitCode: 0,
        OOMKilled: false,
        Error: '',
        StartedAt: '2026-01-01T00:00:01Z',
        FinishedAt: '0001-01-01T00:00:00Z',
        ...state,
      },
    }) as unknown as Inspected;
  const parsed = parseLabels(containerLabels(container, owner), owner)!;
  const stopped = { Status: 'exited', Running: false };

  it.each([
    ['running', {}, { state: 'running', exitCode: undefined, finishedAt: undefined }],
    ['paused', { Status: 'paused', Running: false, Paused: true }, { state: 'running' }],
    [
      'created',
      { Status: 'created', Running: false, StartedAt: '0001-01-01T00:00:00Z' },
      { state: 'created', startedAt: undefined, exitCode: undefined },
    ],
    [
      'ended',
      { ...stopped, ExitCode: 3, FinishedAt: '2026-01-01T00:00:02Z' },
      { state: 'exited', exitCode: 3, finishedAt: new Date('2026-01-01T00:00:02Z') },
    ],
    ['killed for memory', { ...stopped, ExitCode: 137, OOMKilled: true }, { state: 'exited', oomKilled: true }],
    [
      'never able to start',
      { Status: 'created', Running: false, ExitCode: 127, Error: 'no such file' },
      { state: 'exited', exitCode: 127, error: 'no such file' },
    ],
  ])('of a container that is %s', (_what, state, expected) => {
    expect(containerState(inspected(state), parsed)).toMatchObject(expected);
  });

  it('of a sandbox names its network namespace while it has one of its own', () => {
    expect(sandboxState(inspected({}), parsed).netns).toBe('/proc/7/ns/net');
    expect(sandboxState(inspected({}, 'host'), parsed).netns).toBeUndefined();
    expect(sandboxState(inspected(stopped), parsed)).toMatchObject({ running: false, netns: undefined });
  });
});

describe('cgroup parents', () => {
  it.each([
    ['cgroupfs', '/kubepods/poda-b'],
    ['systemd', 'kubepods-burstable-poda_b.slice'],
  ] as const)('have the form of the driver %s', (driver, parent) => {
    checkCgroupParent(driver, parent);
    expect(() => checkCgroupParent(driver === 'systemd' ? 'cgroupfs' : 'systemd', parent)).toThrow(
      ContainerConfigError,
    );
  });
});
