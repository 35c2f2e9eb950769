import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect } from 'node:tls';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kubectls, TestCluster } from '../cluster/test-cluster.ts';

let cluster: TestCluster;
let browser: Browser;
const proxies: ChildProcess[] = [];

beforeAll(async () => {
  cluster = await TestCluster.start('e2e-dash');
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
});
afterEach(() => {
  for (const proxy of proxies.splice(0)) proxy.kill();
});
afterAll(async () => {
  await browser?.close();
  await cluster?.[Symbol.asyncDispose]();
});

/** A real `kubectl proxy` on a port of its choice; the address of the dashboard behind it. */
async function proxied(...args: string[]): Promise<string> {
  const proxy = spawn(kubectls().at(-1)!, ['proxy', '--port=0', ...args], {
    env: { ...process.env, ...cluster.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  proxies.push(proxy);
  const [line] = (await once(proxy.stdout, 'data')) as [Buffer];
  const port = /:(\d+)\s*$/.exec(line.toString())?.[1];
  if (!port) throw new Error(`kubectl proxy said: ${line}`);
  const prefix = args.find((arg) => arg.startsWith('--api-prefix='))?.slice('--api-prefix='.length) ?? '/';
  return `http://127.0.0.1:${port}${prefix}ui/`;
}

/** Complaints of the browser (a script that the content security policy stopped, say) fail the test, but for those the test expects. */
async function withPage(use: (page: Page) => Promise<void>, expected = /401/): Promise<void> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text());
  });
  try {
    await use(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

const live = (page: Page): Promise<void> => page.getByLabel('Connection: Live').waitFor({ timeout: 10_000 });
const server = (): Promise<string> =>
  cluster.kubectl('config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}');

/** What a browser complains of meanwhile. */
const whileAway = /401|socket\.io|Failed to load resource/;
/** Ends it at once; the page says so, and goes on by itself. */
async function startApiAgain(page: Page): Promise<void> {
  process.kill(cluster.pid('api'), 'SIGKILL');
  await page.getByLabel('Connection: Connection lost').waitFor({ timeout: 10_000 });
  await page.getByLabel('Connection: Live').waitFor({ timeout: 30_000 });
}

/** A one-time link of the administrator's. */
async function link(): Promise<{ readonly address: string; readonly code: string }> {
  const made = await cluster.tryKubectl(['create', '--raw', '/ui/links', '-f', '-'], { input: '{}' });
  const { code } = JSON.parse(made.stdout) as { readonly code: string };
  return { address: `${await server()}/ui/#link=${code}`, code };
}

describe('the dashboard in a real browser', () => {
  it('shows through kubectl proxy what is created while it is open, over a WebSocket', async () => {
    const address = await proxied();
    await withPage(async (page) => {
      const socket = page.waitForEvent('websocket');
      await page.goto(address);
      await live(page);
      expect((await socket).url()).toContain('/ui/socket.io/');
      await cluster.kubectl('run', 'newcomer', '--image=any');
      await page.getByRole('cell', { name: 'newcomer', exact: true }).waitFor({ timeout: 5_000 });
      await cluster.kubectl('delete', 'pod', 'newcomer', '--now');
      await page.getByRole('cell', { name: 'newcomer', exact: true }).waitFor({ state: 'detached', timeout: 15_000 });
    });
  });

  it('says of a roll-out that it is under way, and of a namespace that is not there just that', async () => {
    const address = await proxied();
    const heading = (page: Page, name: RegExp) => page.getByRole('heading', { name }).waitFor({ timeout: 20_000 });
    await cluster.kubectl('create', 'namespace', 'calm');
    await withPage(async (page) => {
      await page.goto(`${address}#/overview/shpo`);
      await heading(page, /^There is no namespace shpo\.$/);
    });
    await withPage(async (page) => {
      await page.goto(`${address}#/overview/calm`);
      await heading(page, /^Namespace calm is well\.$/);
      const gates = { schedulingGates: [{ name: 'example.test/wait' }] };
      const spec = { containers: [{ name: 'c', image: 'any' }], ...gates };
      await cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'gated', namespace: 'calm' }, spec });
      await heading(page, /^In motion: 1 pod not running yet or no longer\.$/);
      await page.getByText('0 of 1 pod running well').waitFor();
    });
  });

  it('works under a path prefix of kubectl proxy', async () => {
    const address = await proxied('--api-prefix=/somewhere/else/');
    await withPage(async (page) => {
      const socket = page.waitForEvent('websocket');
      await page.goto(address);
      await live(page);
      expect((await socket).url()).toContain('/somewhere/else/ui/socket.io/');
      await page.getByRole('article', { name: /^Node / }).waitFor();
    });
  });

  it('falls back to long polling where no WebSocket passes', async () => {
    const address = await proxied();
    await withPage(async (page) => {
      await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
      await page.goto(address);
      await live(page);
      await cluster.kubectl('run', 'polled', '--image=any');
      await page.getByRole('cell', { name: 'polled', exact: true }).waitFor({ timeout: 5_000 });
      await cluster.kubectl('delete', 'pod', 'polled', '--now');
    });
  });

  it('says that the API server is gone, and goes on by itself when it is back', async () => {
    const address = await proxied();
    await withPage(async (page) => {
      await page.goto(address);
      await live(page);
      await startApiAgain(page);
      await cluster.kubectl('run', 'afterwards', '--image=any');
      await page.getByRole('cell', { name: 'afterwards', exact: true }).waitFor({ timeout: 10_000 });
      await cluster.kubectl('delete', 'pod', 'afterwards', '--now');
    }, whileAway);
  });

  it.each(['light', 'dark'] as const)(
    'can be used by everybody: an accessibility scan finds nothing (%s)',
    async (scheme) => {
      await cluster.kubectl('run', `scanned-${scheme}`, '--image=any');
      const address = await proxied();
      await withPage(async (page) => {
        await page.emulateMedia({ colorScheme: scheme });
        await page.goto(address);
        await live(page);
        await page.getByRole('cell', { name: `scanned-${scheme}`, exact: true }).waitFor();
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      });
    },
  );

  it('opens a one-time link once and not twice', async () => {
    const { address, code } = await link();
    await withPage(async (page) => {
      await page.goto(address);
      await live(page);
      expect(page.url()).not.toContain(code);
      await page.reload();
      await live(page);
      await page.goBack();
      expect(page.url()).not.toContain(code);
    });
    await withPage(async (page) => {
      expect((await page.goto(address))?.status()).toBe(401);
      await page.getByText('This link was used already').waitFor();
      expect(page.url()).not.toContain(code);
    });
  });

  it('makes a page that is open already somebody else’s by a link', async () => {
    const [first, second] = [await link(), await link()];
    await withPage(async (page) => {
      await page.goto(first.address);
      await live(page);
      await Promise.all([page.waitForEvent('load'), page.goto(second.address)]);
      await live(page);
      expect(page.url()).not.toContain(second.code);
    });
  });

  it('keeps a link for who opens it: looking at the address uses nothing up', async () => {
    const { address, code } = await link();
    await withPage(async (page) => {
      const at = address.replace('#', '?');
      const looks: Record<string, string>[] = [{ 'sec-purpose': 'prefetch' }, { purpose: 'prefetch' }, {}];
      for (const headers of looks) {
        expect((await page.request.get(at, { headers })).status()).toBe(401);
        expect((await page.request.head(at, { headers })).status()).toBe(401);
      }
      const elsewhere = { origin: 'https://elsewhere.example' };
      const session = `${await server()}/ui/session`;
      expect((await page.request.post(session, { headers: elsewhere, data: { code } })).status()).toBe(403);
      await page.goto(address);
      await live(page);
    });
  });

  it('still knows who came by a link when the API server was started again', async () => {
    const { address } = await link();
    await withPage(async (page) => {
      await page.goto(address);
      await live(page);
      await startApiAgain(page);
      await page.reload();
      await live(page);
    }, whileAway);
  });

  it.each([
    'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Upgrade: SPDY/3.1',
  ])('answers a stranger’s upgrade wherever it is asked for, and closes (%j)', async (headers) => {
    const { hostname, port } = new URL(await server());
    const sockets = '/ui/socket.io';
    const unfit = [
      sockets,
      `${sockets}/`,
      `${sockets}/x`,
      `${sockets}/?EIO=4`,
      `${sockets}/?EIO=4&transport=websocket&sid=x`,
    ];
    for (const path of [
      ...unfit,
      '/',
      '/nothing',
      '/ui',
      '/ui/',
      '/ui/nothing',
      '/ui/index.html',
      '/healthz',
      '/api/v1/pods',
    ]) {
      const socket = connect({
        host: hostname,
        port: Number(port),
        rejectUnauthorized: false,
        allowHalfOpen: true,
      } as ConnectionOptions);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n${headers}\r\n\r\n`);
      const answer = await text(socket);
      socket.destroy();
      expect([path, /^HTTP\/1.1 [2345]\d\d /.test(answer), answer.includes('101 ')]).toEqual([path, true, false]);
    }
  });

  it('tells a stranger what to do', async () => {
    const address = `${await server()}/ui/`;
    await withPage(async (page) => {
      expect((await page.goto(address))?.status()).toBe(401);
      await page.getByText('kubectl proxy', { exact: true }).waitFor();
    });
  });

  it('shows somebody with few rights no more than those', async () => {
    await cluster.kubectl('create', 'namespace', 'theirs');
    await cluster.kubectl('run', 'visible', '--image=any', '-n', 'theirs');
    await cluster.kubectl('run', 'undisclosed', '--image=any', '-n', 'default');
    await cluster.kubectl('create', 'role', 'see', '--verb=list,watch', '--resource=pods', '-n', 'theirs');
    await cluster.kubectl('create', 'rolebinding', 'see', '--role=see', '--user=guest', '-n', 'theirs');
    const address = await proxied('--as=guest');
    await withPage(async (page) => {
      await page.goto(`${address}#/overview/theirs`);
      await live(page);
      await page.getByText('guest', { exact: true }).waitFor();
      await page.getByRole('cell', { name: 'visible', exact: true }).waitFor();
      await page.getByText('You may not list nodes.', { exact: true }).waitFor();
      await page.goto(`${address}#/overview`);
      await page.getByText('You may not list pods in all namespaces.', { exact: true }).waitFor();
      expect(await page.content()).not.toContain('undisclosed');
    });
  });
});
