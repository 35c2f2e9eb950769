import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { childContext, FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it, onTestFinished } from 'vitest';
import { followedMachineResolver, readMachineResolver } from './machine-resolver.ts';

const own = 'etc/resolv.conf';
const systemd = 'run/systemd/resolve/resolv.conf';
const networkManager = 'run/NetworkManager/no-stub-resolv.conf';

function machineWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'kubernest-resolver-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [file, servers] of Object.entries(files)) put(root, file, servers);
  return root;
}

const textOf = (servers: string): string =>
  servers
    .split(' ')
    .map(
      (server) =>
        server &&
        `nameserver ${server}
`,
    )
    .join('');
function put(root: string, file: string, servers: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), textOf(servers));
}

it.each([
  ['its own file', { [own]: '192.0.2.1', [systemd]: '192.0.2.2' }, '192.0.2.1'],
  ['its own file though a loopback comes first', { [own]: '127.0.0.1 192.0.2.1' }, '127.0.0.1 192.0.2.1'],
  ['what systemd-resolved asks', { [own]: '127.0.0.53', [systemd]: '192.0.2.2' }, '192.0.2.2'],
  ['what NetworkManager knows', { [own]: '127.0.0.1', [networkManager]: '192.0.2.3' }, '192.0.2.3'],
  [
    'what is left where one is loopback too',
    { [own]: '::1', [systemd]: '127.0.0.1', [networkManager]: 'fd00::1' },
    'fd00::1',
  ],
  ['nothing where all is loopback', { [own]: '127.0.0.53', [systemd]: '0.0.0.0' }, ''],
  ['nothing where there is no file', {}, ''],
])('the servers that pods reach are %s', async (_, files, upstream) => {
  const ownText = textOf((files as Record<string, string>)[own] ?? '');
  expect(await readMachineResolver(machineWith(files))).toEqual({ own: ownText, upstream: textOf(upstream) });
});

it('a change of the machine is seen, however the file is replaced, and nothing else is told', async () => {
  const root = machineWith({ [own]: '127.0.0.53', [systemd]: '192.0.2.1' });
  const clock = new FakeClock(new Date(0));
  const { ctx, controller } = childContext({ signal: new AbortController().signal, clock, log: silentLogger });
  const { resolver, follower } = followedMachineResolver(root);
  const { done } = await follower.start(ctx);
  const told: string[] = [];
  resolver.follow(({ upstream }) => told.push(upstream));
  expect(resolver.value.upstream).toBe('nameserver 192.0.2.1\n');
  const changes = [
    () => put(root, systemd, '192.0.2.2'),
    () => {
      put(root, `${systemd}.new`, '192.0.2.3');
      renameSync(join(root, `${systemd}.new`), join(root, systemd));
    },
    () => put(root, own, '192.0.2.4'),
  ];
  for (const [i, change] of changes.entries()) {
    await clock.advance(60_000);
    change();
    while (told.length === i) await clock.advance(60_000);
  }
  expect(told).toEqual(['2', '3', '4'].map((end) => `nameserver 192.0.2.${end}\n`));
  controller.abort();
  await done;
});
