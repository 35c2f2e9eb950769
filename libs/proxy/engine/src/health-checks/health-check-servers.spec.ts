import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { PortNumber } from '@kubernest/proxy/contract';
import { expect, it, onTestFinished } from 'vitest';
import { HealthCheckServers } from './health-check-servers.ts';

function servers(): HealthCheckServers {
  const made = new HealthCheckServers();
  made.isHealthy = true;
  onTestFinished(() => made.close());
  return made;
}

/** Another program that has a port of this machine. */
async function program(): Promise<{ readonly port: PortNumber; readonly server: Server }> {
  const server = createServer().listen({ port: 0, host: '0.0.0.0' });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port as PortNumber, server };
}

async function freePort(): Promise<PortNumber> {
  const { port, server } = await program();
  server.close();
  await once(server, 'close');
  return port;
}

const check = (port: PortNumber, localEndpoints: number, name = 'web') => ({
  namespace: 'team',
  name,
  port,
  localEndpoints,
});
const ask = (port: number, path = '/healthz') => fetch(`http://127.0.0.1:${port}${path}`);

it('a load balancer is told how many endpoints are here, and sent away where there are none', async () => {
  const [made, port] = [servers(), await freePort()];
  expect(await made.answerFor([check(port, 2)])).toEqual([]);
  const some = await ask(port);
  expect([some.status, some.headers.get('content-type'), some.headers.get('x-load-balancing-endpoint-weight')]).toEqual(
    [200, 'application/json', '2'],
  );
  expect(await some.text()).toBe(
    '{\n\t"service": {\n\t\t"namespace": "team",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": 2,\n\t"serviceProxyHealthy": true\n}',
  );
  await made.answerFor([check(port, 0)]);
  const none = await ask(port, '/anything');
  expect([none.status, await none.json()]).toEqual([
    503,
    { service: { namespace: 'team', name: 'web' }, localEndpoints: 0, serviceProxyHealthy: true },
  ]);
});

it('a load balancer is sent away while the rules are not what they should be', async () => {
  const [made, port] = [servers(), await freePort()];
  await made.answerFor([check(port, 1)]);
  made.isHealthy = false;
  const answer = await ask(port);
  expect([answer.status, await answer.json()]).toMatchObject([503, { localEndpoints: 1, serviceProxyHealthy: false }]);
});

it('nobody answers for a Service that is gone, and another may have its port at once', async () => {
  const [made, port] = [servers(), await freePort()];
  await made.answerFor([check(port, 1)]);
  expect(await made.answerFor([check(port, 1, 'other')])).toEqual([]);
  expect(await (await ask(port)).json()).toMatchObject({ service: { name: 'other' } });
  await made.answerFor([]);
  await expect(ask(port)).rejects.toThrow();
});

it('a port that another program has is told of, and taken when it is free', async () => {
  const [made, other] = [servers(), await program()];
  const [wanted, port] = [check(other.port, 1), await freePort()];
  expect(await made.answerFor([wanted, check(port, 1, 'other')])).toMatchObject([
    { check: wanted, fault: { code: 'EADDRINUSE' } },
  ]);
  expect((await ask(port)).status).toBe(200);
  other.server.close();
  await once(other.server, 'close');
  expect(await made.answerFor([wanted])).toEqual([]);
  expect((await ask(other.port)).status).toBe(200);
});
