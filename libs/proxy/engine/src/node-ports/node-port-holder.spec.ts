import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { ServiceRules } from '@kubernest/proxy/contract';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PlainRule, rulesOf } from '../../../contract/src/rules.fixture.ts';
import { leftAlone, NodePortHolder } from './node-port-holder.ts';

/** Another program: takes a port of this machine, and gives it back when asked. */
async function program(protocol: 'TCP' | 'UDP', port: number, host = '0.0.0.0') {
  if (protocol === 'TCP') {
    const server = createServer().listen({ port, host, exclusive: true });
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return {
      port: (server.address() as AddressInfo).port,
      leave: () => new Promise((done) => void server.close(done)),
    };
  }
  const socket = createSocket('udp4');
  socket.bind({ port, address: host, exclusive: true });
  await once(socket, 'listening');
  return { port: socket.address().port, leave: () => new Promise<void>((done) => void socket.close(done)) };
}

/** Below the ports that outgoing connections of this machine take by themselves. */
async function freePort(protocol: 'TCP' | 'UDP'): Promise<number> {
  for (;;) {
    const found = await program(protocol, randomInt(10_000, 30_000)).catch(() => undefined);
    if (!found) continue;
    await found.leave();
    return found.port;
  }
}

const rules = (...ports: readonly PlainRule[]): ServiceRules =>
  rulesOf(ports.map((port, index) => ({ id: `n/s-${index}`, ...port })));
function cluster(): NodePortHolder {
  const holder = new NodePortHolder();
  onTestFinished(() => holder.close());
  return holder;
}

describe.each(['TCP', 'UDP'] as const)('a node port for %s', (protocol) => {
  it('is held until no rule has it', async () => {
    const [nodePort, holder] = [await freePort(protocol), cluster()];
    const taken = await holder.take(rules({ protocol, nodePort }), 0);
    expect(taken).toEqual({ rules: rules({ protocol, nodePort }), missing: [], unheld: [] });
    await expect(program(protocol, nodePort)).rejects.toThrow('EADDRINUSE');
    await holder.release(rules({ protocol, nodePort }));
    await expect(program(protocol, nodePort)).rejects.toThrow('EADDRINUSE');
    await holder.release(rules());
    await (await program(protocol, nodePort)).leave();
  });

  it.each(['0.0.0.0', '127.0.0.1'])(
    'that a program has on %s is left to it, and taken once it stays free',
    async (host) => {
      const { port: nodePort, leave } = await program(protocol, await freePort(protocol), host);
      const [wanted, holder] = [rules({ protocol, nodePort, port: 80 }), cluster()];
      const { rules: kept, missing } = await holder.take(wanted, 0);
      expect(kept).toEqual(rules({ protocol, nodePort: undefined, port: 80 }));
      expect(missing).toEqual(wanted.ports);
      await leave();
      for (const now of [10, 9 + leftAlone]) expect((await holder.take(wanted, now)).missing).toEqual(wanted.ports);
      expect(await holder.take(wanted, 10 + leftAlone)).toEqual({ rules: wanted, missing: [], unheld: [] });
    },
  );

  it('is the first cluster’s that asks, and the second’s when the first gives it up', async () => {
    const wanted = rules({ protocol, nodePort: await freePort(protocol) });
    const [first, second] = [cluster(), cluster()];
    expect((await first.take(wanted, 0)).missing).toEqual([]);
    expect((await second.take(wanted, 0)).missing).toEqual(wanted.ports);
    await first.release(rules());
    expect((await second.take(wanted, 0)).missing).toEqual(wanted.ports);
    expect((await second.take(wanted, leftAlone)).missing).toEqual([]);
    expect((await first.take(wanted, leftAlone)).missing).toEqual(wanted.ports);
  });

  it('stays the first cluster’s when only its agent is started again', async () => {
    const wanted = rules({ protocol, nodePort: await freePort(protocol) });
    const [first, again, second] = [cluster(), cluster(), cluster()];
    await first.take(wanted, 0);
    await second.take(wanted, 0);
    await first.close();
    expect((await second.take(wanted, 1000)).missing).toEqual(wanted.ports);
    expect((await again.take(wanted, 2000)).missing).toEqual([]);
    for (const now of [6000, 60_000]) expect((await second.take(wanted, now)).missing).toEqual(wanted.ports);
  });
});

describe.each(['EMFILE', 'EACCES', 'ENOBUFS'])('a machine that answers %s', (code) => {
  const fault = Object.assign(new Error(`bind ${code}`), { code });
  const wanted = rules({ nodePort: 30_080, port: 80 });
  const [rule] = wanted.ports;

  it('is not taken for another program: the rules stay, and the port is tried again', async () => {
    const answers: (Error | undefined)[] = [fault, fault, undefined];
    const held = { close: async () => {} };
    const holder = new NodePortHolder(async () => {
      const answer = answers.shift();
      if (answer) throw answer;
      return held;
    });
    for (const now of [0, 5_000])
      expect(await holder.take(wanted, now)).toEqual({ rules: wanted, missing: [], unheld: [{ rule, fault }] });
    expect(await holder.take(wanted, 10_000)).toEqual({ rules: wanted, missing: [], unheld: [] });
    expect(answers).toEqual([]);
  });

  it('says nothing of a port that another has', async () => {
    const answers = [Object.assign(new Error('taken'), { code: 'EADDRINUSE' }), fault];
    const holder = new NodePortHolder(() => Promise.reject(answers.shift()));
    await holder.take(wanted, 0);
    expect((await holder.take(wanted, 5_000)).missing).toEqual([rule]);
    expect((await holder.take(rules(), 10_000)).unheld).toEqual([]);
  });
});

it('a port is held for one protocol and free for the other', async () => {
  const nodePort = await freePort('TCP');
  await cluster().take(rules({ protocol: 'TCP', nodePort }), 0);
  await (await program('UDP', nodePort)).leave();
});

it('whoever connects to a held port that has no rule yet is reset', async () => {
  const nodePort = await freePort('TCP');
  await cluster().take(rules({ nodePort }), 0);
  const client = connect(nodePort, '127.0.0.1');
  await expect(once(client, 'close').finally(() => client.destroy())).rejects.toThrow('ECONNRESET');
});
