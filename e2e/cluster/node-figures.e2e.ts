import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-figures');
  await cluster.image('idle:1', { command: ['/bin/sleep', '100000'] });
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

describe('the node', () => {
  const raw = (node: string, path: string) =>
    cluster.tryKubectl(['get', '--raw', `/api/v1/nodes/${node}/proxy/${path}`]);

  it('tells what its pods use, and nothing that it does not know', async () => {
    const name = 'measured';
    await cluster.kubectl('run', name, '--image=idle:1');
    await cluster.kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=30s');
    const node = (await cluster.kubectl('get', 'pod', name, '-o', 'jsonpath={.spec.nodeName}')).trim();
    const summary = JSON.parse((await raw(node, 'stats/summary')).stdout);
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
    expect(Math.abs(Date.now() - uptime - Date.parse(summary.node.startTime))).toBeLessThan(5000);
    const pod = summary.pods.find((each: { podRef: { name: string } }) => each.podRef.name === name);
    expect(pod.containers).toMatchObject([{ name }]);
    expect(pod.containers[0].memory.workingSetBytes).toBeGreaterThan(0);
    expect(pod.containers[0].memory.workingSetBytes).toBeLessThan(summary.node.memory.workingSetBytes);
    const metrics = (await raw(node, 'metrics/resource')).stdout;
    expect(metrics).toMatch(
      new RegExp(
        `^container_memory_working_set_bytes\\{container="${name}",namespace="default",pod="${name}"\\} [1-9]\\d* \\d{13}$`,
        'm',
      ),
    );
    expect(metrics).toMatch(/^node_cpu_usage_seconds_total [1-9][\d.]* \d{13}$/m);
    expect((await raw(node, 'metrics/cadvisor')).stderr).toContain('NotFound');
  });
});
