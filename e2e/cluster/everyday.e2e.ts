import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKubectls } from '../streams/kubectl.ts';
import { Terminal } from './terminal.ts';
import { type Ran, TestCluster } from './test-cluster.ts';

/** What people do to objects all day; simulated nodes suffice, as no container is looked into. */
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-day', ['--runtime=hollow', '--hollow-nodes=2']);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

const tools = findKubectls();
const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { tier: 'front', team: 'one' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'nginx:1',
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
          },
          { name: 'side', image: 'side:1' },
        ],
      },
    },
  },
});

describe.each([tools[0]!, tools.at(-1)!])('kubectl 1.$minor', (tool) => {
  const name = `web${tool.minor}`;
  const object = `deployment/${name}`;
  const attempt = (args: readonly string[], input?: string): Promise<Ran> =>
    cluster.tryKubectl(args, { kubectl: tool.path, ...(input === undefined ? {} : { input }) });
  const kubectl = async (...args: string[]): Promise<string> => {
    const ran = await attempt(args);
    if (ran.code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${ran.code}: ${ran.stderr}${ran.stdout}`);
    return ran.stdout;
  };
  const value = (what: string, path: string): Promise<string> => kubectl('get', what, '-o', `jsonpath=${path}`);
  const rolledOut = (): Promise<string> => kubectl('rollout', 'status', object, '--timeout=30s');
  const withEditor = (editor: string, ...args: string[]): Promise<Ran> =>
    cluster.tryKubectl(args, { kubectl: tool.path, env: { EDITOR: editor, TMPDIR: cluster.home } });

  it('applies, changes nothing the second time, and removes what the manifest no longer has', async () => {
    const manifest = deployment(name);
    const apply = async () => (await attempt(['apply', '-f', '-'], JSON.stringify(manifest))).stdout;
    expect(await apply()).toBe(`deployment.apps/${name} created\n`);
    await rolledOut();
    await kubectl('label', object, 'kept=by-another');
    const before = await value(object, '{.metadata.resourceVersion}');
    expect(await apply()).toBe(`deployment.apps/${name} unchanged\n`);
    expect(await value(object, '{.metadata.resourceVersion}')).toBe(before);
    manifest.metadata.labels = { tier: 'front' } as never;
    manifest.spec.template.spec.containers = [
      {
        name: 'main',
        image: 'nginx:1',
        env: [
          { name: 'B', value: 'two' },
          { name: 'C', value: '3' },
        ],
      },
    ];
    const diff = await attempt(['diff', '-f', '-'], JSON.stringify(manifest));
    expect(diff.code).toBe(1);
    expect(diff.stdout).toMatch(/^-\s+team: one$/m);
    expect(await apply()).toBe(`deployment.apps/${name} configured\n`);
    expect(JSON.parse(await value(object, '{.metadata.labels}'))).toEqual({ tier: 'front', kept: 'by-another' });
    expect(await value(object, '{.spec.template.spec.containers[*].name}')).toBe('main');
    expect(await value(object, '{range .spec.template.spec.containers[0].env[*]}{.name}={.value} {end}')).toBe(
      'B=two C=3 ',
    );
  });

  it('edits, and gives back an edit that is no good', async () => {
    expect((await withEditor('sed -i "s/replicas: 2/replicas: 3/"', 'edit', object)).stdout).toContain('edited');
    expect(await value(object, '{.spec.replicas}')).toBe('3');
    expect((await withEditor('true', 'edit', object)).stderr).toBe('Edit cancelled, no changes made.\n');
    const refused = await withEditor('sed -i "s/replicas: 3/replicas: many/"', 'edit', object);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`deployments.apps "${name}" is invalid`);
    const [, copy] = /has been stored to "(.*)"/.exec(refused.stderr)!;
    expect(readFileSync(copy!, 'utf8')).toMatch(
      /^# \* patch: Invalid value: "map\[spec:map\[replicas:many\] .*": unrecognized type: int32$/m,
    );
  });

  it.each([
    ['strategic', '{"spec":{"template":{"spec":{"containers":[{"name":"more","image":"more:1"}]}}}}', 'more main'],
    ['merge', '{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"nginx:1"}]}}}}', 'main'],
    [
      'json',
      '[{"op":"add","path":"/spec/template/spec/containers/-","value":{"name":"last","image":"last:1"}}]',
      'main last',
    ],
    [
      'json',
      '[{"op":"test","path":"/spec/replicas","value":3},{"op":"remove","path":"/spec/template/spec/containers/1"}]',
      'main',
    ],
  ])('patches: %s', async (type, patch, containers) => {
    expect(await kubectl('patch', object, `--type=${type}`, '-p', patch)).toBe(`deployment.apps/${name} patched\n`);
    expect(await value(object, '{.spec.template.spec.containers[*].name}')).toBe(containers);
  });

  it('labels and annotates', async () => {
    await kubectl('label', object, 'colour=red');
    const again = await attempt(['label', object, 'colour=blue']);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('--overwrite is false')]);
    await kubectl('label', object, 'colour=blue', '--overwrite');
    expect(await kubectl('get', 'deployments', '-l', 'colour in (blue),tier', '-o', 'name')).toBe(
      `deployment.apps/${name}\n`,
    );
    await kubectl('label', object, 'colour-');
    await kubectl('annotate', object, 'note=a b', 'kubernetes.io/change-cause=the cause');
    expect(await value(object, '{.metadata.annotations.note}{.metadata.labels.colour}')).toBe('a b');
  });

  it('restarts, pauses, resumes, and undoes to a revision', async () => {
    await rolledOut();
    const revision = () => value(object, '{.metadata.annotations.deployment\\.kubernetes\\.io/revision}');
    const image = () => value(object, '{.spec.template.spec.containers[0].image}');
    const first = await revision();
    await kubectl('rollout', 'restart', object);
    await rolledOut();
    expect(Number(await revision())).toBe(Number(first) + 1);
    await kubectl('rollout', 'pause', object);
    await kubectl('set', 'image', object, 'main=nginx:2');
    await kubectl('set', 'env', object, 'D=4');
    await kubectl('set', 'resources', object, '--limits=cpu=200m,memory=64Mi');
    expect(Number(await revision())).toBe(Number(first) + 1);
    await kubectl('rollout', 'resume', object);
    await rolledOut();
    expect(Number(await revision())).toBe(Number(first) + 2);
    expect(await kubectl('rollout', 'history', object)).toContain('the cause');
    expect(await kubectl('rollout', 'history', object, `--revision=${Number(first) + 2}`)).toMatch(
      /Image:\s+nginx:2.*cpu:\s+200m/s,
    );
    await kubectl('rollout', 'undo', object, `--to-revision=${first}`);
    await rolledOut();
    expect(await image()).toBe('nginx:1');
    expect(Number(await revision())).toBe(Number(first) + 3);
    const unknown = await attempt(['rollout', 'undo', object, '--to-revision=9999']);
    expect(unknown.stderr).toContain('unable to find specified revision 9999');
  });

  it('prints rows as they change', async () => {
    const watch = new Terminal([tool.path, 'get', 'deployment', name, '-w'], cluster.env);
    try {
      await watch.shows(new RegExp(`${name} +3/3 +3 +3`));
      await kubectl('scale', object, '--replicas=1');
      await watch.shows(new RegExp(`${name} +1/1 +1 +1`));
    } finally {
      watch.close();
    }
  });

  it('waits for conditions, values, creation and deletion', async () => {
    expect(await kubectl('wait', '--for=condition=Available', object, '--timeout=20s')).toContain('condition met');
    await kubectl('wait', '--for=jsonpath={.status.readyReplicas}=1', object, '--timeout=20s');
    const late = await attempt(['wait', '--for=jsonpath={.status.readyReplicas}=7', object, '--timeout=1s']);
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('timed out waiting')]);
    await kubectl('create', 'configmap', `brief${tool.minor}`);
    const gone = kubectl('wait', '--for=delete', `configmap/brief${tool.minor}`, '--timeout=20s');
    await kubectl('delete', 'configmap', `brief${tool.minor}`);
    await gone;
    if (tool.minor < 31) return; // older ones cannot wait for a creation
    const born = kubectl('wait', '--for=create', 'configmap/born', '--timeout=20s');
    await kubectl('create', 'configmap', 'born');
    expect(await born).toContain('condition met');
  });

  it('shows events in all its forms', async () => {
    expect(await kubectl('get', 'events', '--field-selector=reason=ScalingReplicaSet')).toContain(`deployment/${name}`);
    expect(await kubectl('get', 'events', '--sort-by=.lastTimestamp', '-o', 'wide')).toContain('default-scheduler');
    expect(await kubectl('events', '--for', object)).toContain('ScalingReplicaSet');
    expect(await kubectl('events', '--types=Normal', '-A')).toContain('Scheduled');
    expect(await kubectl('describe', object)).toMatch(/Events:\n.*ScalingReplicaSet/s);
  });

  it('tries without a trace, replaces, and replaces by force', async () => {
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `map${tool.minor}` }, data: { a: '1' } };
    const file = join(cluster.home, `map${tool.minor}.json`);
    const write = (data: Record<string, string>) => writeFileSync(file, JSON.stringify({ ...manifest, data }));
    const map = `configmap/${manifest.metadata.name}`;
    write({ a: '1' });
    expect(await kubectl('create', '-f', file, '--dry-run=server', '-o', 'jsonpath={.data.a}')).toBe('1');
    expect((await attempt(['get', map])).stderr).toContain('not found');
    await kubectl('create', '-f', file, '--save-config');
    const uid = await value(map, '{.metadata.uid}');
    write({ b: '2' });
    expect(await kubectl('apply', '-f', file, '--dry-run=server')).toContain('configured (server dry run)');
    await kubectl('replace', '-f', file);
    expect(await value(map, '{.data}{.metadata.uid}')).toBe(`{"b":"2"}${uid}`);
    await kubectl('replace', '--force', '-f', file);
    expect(await value(map, '{.metadata.uid}')).not.toBe(uid);
    expect((await attempt(['create', '-f', file])).stderr).toContain('already exists');
  });

  it('drains a node', async () => {
    await kubectl('scale', object, '--replicas=6');
    await rolledOut();
    const node = (await value('nodes', '{.items[0].metadata.name}')).trim();
    const pods = () => kubectl('get', 'pods', '-A', `--field-selector=spec.nodeName=${node}`, '-o', 'name');
    expect(await pods()).not.toBe('');
    expect(await kubectl('drain', node, '--timeout=40s')).toContain('drained');
    expect(await pods()).toBe('');
    expect(await kubectl('get', 'node', node)).toContain('Ready,SchedulingDisabled');
    await rolledOut();
    expect(await kubectl('uncordon', node)).toContain('uncordoned');
  });

  it('deletes, and leaves orphans or waits for the children as told', async () => {
    await kubectl('scale', object, '--replicas=1');
    await rolledOut();
    await kubectl('delete', object, '--cascade=orphan');
    const sets = await kubectl('get', 'replicasets', '-l', `app=${name}`, '-o', 'name');
    expect(sets).toContain(name);
    await kubectl('delete', 'replicasets', '-l', `app=${name}`, '--cascade=foreground', '--timeout=40s');
    expect(await kubectl('get', 'pods', '-l', `app=${name}`, '-o', 'name')).toBe('');
    await kubectl('create', 'namespace', `space${tool.minor}`);
    await kubectl('create', 'deployment', 'inner', '--image=nginx:1', '-n', `space${tool.minor}`);
    await kubectl('delete', 'namespace', `space${tool.minor}`, '--timeout=40s');
    expect((await attempt(['get', 'namespace', `space${tool.minor}`])).stderr).toContain('not found');
  });

  it('says where the cluster is and who asks', async () => {
    expect(await kubectl('cluster-info')).toMatch(/is running at .*https:\/\/127\.0\.0\.1:\d+/);
    expect(JSON.parse(await kubectl('get', '--raw', '/api/v1/namespaces/default'))).toMatchObject({
      kind: 'Namespace',
    });
    expect(await kubectl('auth', 'can-i', '--list')).toMatch(/\*\.\*\s+\[\]\s+\[\]\s+\[\*\]/);
    if (tool.minor >= 28)
      expect(await kubectl('auth', 'whoami')).toMatch(/Groups\s+\[system:masters system:authenticated\]/);
  });

  it('says plainly what is not served yet', async () => {
    expect((await attempt(['top', 'nodes'])).stderr).toContain('Metrics API not available');
    expect((await attempt(['get', 'cronjobs'])).stderr).toContain(`the server doesn't have a resource type "cronjobs"`);
  });
});
