import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const needed = ['--data-dir=/d', '--advertise-address=10.0.0.1'];

describe('readConfig', () => {
  it('has a default for everything but the data directory and the address', () => {
    expect(readConfig(needed).api).toMatchObject({
      store: 'sqlite',
      port: 6443,
      nodePorts: { from: 30000, to: 32767 },
      sealingKey: '/d/sealing.key',
      limits: { readOnlyInFlight: 400, mutatingInFlight: 200, timeout: 60_000 },
    });
    expect([...readConfig(needed).components]).toEqual(['apiserver', 'controllers', 'scheduler', 'dashboard']);
  });

  it.each([
    ['controllers', [], { address: '127.0.0.1', port: 10257 }],
    ['scheduler', [], { address: '127.0.0.1', port: 10259 }],
    ['scheduler,controllers', [], { address: '127.0.0.1', port: 10257 }],
    ['scheduler', ['--bind-address=::1', '--secure-port=0'], { address: '::1', port: 0 }],
  ])('%s without the API server are monitored at ports of their own, %j', (components, more, monitoring) => {
    const args = [`--components=${components}`, '--kubeconfig=/k', ...more];
    expect(readConfig(args).api).toEqual({ kubeconfig: '/k', monitoring });
  });

  it('takes etcd addresses and several agents', () => {
    const { api } = readConfig([
      ...needed,
      '--store=http://a:1,http://b:2',
      '--agent-kubeconfig=n1=/f1',
      '--agent-kubeconfig=n2=/f=2',
      '--component-kubeconfig=scheduler=/s',
    ]);
    expect(api).toMatchObject({
      store: ['http://a:1', 'http://b:2'],
      agentKubeconfigs: [
        { node: 'n1', file: '/f1' },
        { node: 'n2', file: '/f=2' },
      ],
      componentKubeconfigs: [{ component: 'scheduler', file: '/s' }],
    });
  });

  it('takes any path, whatever separates other things stands in it', () => {
    const dir = '/a=b/c,d:e f/g="h"%\n';
    const { api } = readConfig([
      '--advertise-address=10.0.0.1',
      `--data-dir=${dir}`,
      `--agent-kubeconfig=n1=${dir}/agent`,
      `--admin-kubeconfig=${dir}/admin`,
    ]);
    expect(api).toMatchObject({
      dataDir: dir,
      sealingKey: `${dir}/sealing.key`,
      adminKubeconfig: `${dir}/admin`,
      agentKubeconfigs: [{ node: 'n1', file: `${dir}/agent` }],
    });
  });

  it.each([
    ['--port=99999', '--port 99999'],
    ['--components=apiserver,kitchen', '--components kitchen'],
    ['--node-ports=5-1', '--node-ports 5-1'],
    ['--own-node-ports=7-5', '--own-node-ports 7-5'],
    ['--own-node-ports=29999-30010', '--own-node-ports 29999-30010: a part of --node-ports 30000-32767'],
    ['--service-cidr=everything', '--service-cidr everything'],
    ['--service-cidr=999.1.1.1/99', '--service-cidr 999.1.1.1/99'],
    ['--cluster-cidr=10.244.0.0/33', '--cluster-cidr 10.244.0.0/33'],
    ['--cluster-cidr=fd00::/64', '--cluster-cidr fd00::/64'],
    ['--agent-kubeconfig=n1', '--agent-kubeconfig n1'],
    ['--agent-kubeconfig==/f', '--agent-kubeconfig =/f'],
    ['--component-kubeconfig=kitchen=/f', '--component-kubeconfig kitchen'],
    ['--components=scheduler', '--kubeconfig is missing'],
    ['--components=dashboard,controllers', '--components dashboard,controllers: the dashboard runs'],
    ['--agent-kubeconfig=n1=', '--agent-kubeconfig n1='],
    ['--port=0x1F', '--port 0x1F'],
    ['--port= 5 ', '--port  5 '],
    ['--node-ports=1e3-2e3', '--node-ports 1e3-2e3'],
    ['--node-ports=1-2-3', '--node-ports 1-2-3'],
    ['--store=somewhere', '--store somewhere'],
    ['--store=http://a:1,b:2', '--store http://a:1,b:2'],
    ['--store=', '--store '],
    ['--max-requests-inflight=-1', '--max-requests-inflight -1'],
    ['--max-mutating-requests-inflight=many', '--max-mutating-requests-inflight many'],
    ['--request-timeout=60', '--request-timeout 60'],
    ['--request-timeout=0s', '--request-timeout 0s'],
    ['--colour=blue', '--colour'],
  ])('refuses %s in words that name it', (flag, words) => {
    expect(() => readConfig([...needed, flag])).toThrow(words);
  });

  it('of a component by itself needs no more than its way to the API', () => {
    const { api, components } = readConfig(['--components=controllers,scheduler', '--kubeconfig=/k']);
    expect([api, [...components]]).toMatchObject([{ kubeconfig: '/k' }, ['controllers', 'scheduler']]);
  });

  it('takes no password in an address, and does not say it again', () => {
    const refused = (): unknown => readConfig([...needed, '--store=http://root:hunter2@a:1']);
    expect(refused).toThrow('--store takes no user and no password');
    expect(refused).not.toThrow('hunter2');
  });

  it('says what is missing', () => {
    expect(() => readConfig(['--data-dir=/d'])).toThrow('--advertise-address is missing');
  });
});
