import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { needs } from '../../../tools/test/facts.ts';
import { demoImages } from './index.ts';

const { files } = demoImages[0]!;

it('comes in two versions that differ in nothing else', () => {
  expect(demoImages.map(({ reference }) => reference)).toEqual(['kubernest/demo:1', 'kubernest/demo:2']);
  const [first, second] = demoImages.map((image) => JSON.stringify({ ...image, reference: '' }));
  expect(second).toBe(first!.replace('DEMO_VERSION=1', 'DEMO_VERSION=2'));
});

/** Its scripts under the machine's busybox, in a folder that stands for the image's root. */
describe('what the demo serves', needs('busybox'), () => {
  const root = mkdtempSync(join(tmpdir(), 'kubernest-demo-'));
  const env = { PATH: join(root, 'bin'), DEMO_VERSION: '1', GREETING: 'hi <b>', NODE_NAME: 'n1', PORT: '0' };
  const inRoot = (text: string): string =>
    text.replaceAll(/(^#!|(?<=[\s("=]))\/(bin|demo|tmp|config|secret|var)\//gm, `$1${root}/$2/`);
  const account = join(root, 'var/run/secrets/kubernetes.io/serviceaccount');

  beforeAll(() => {
    for (const dir of ['bin', 'demo', 'tmp', 'config', 'secret']) mkdirSync(join(root, dir));
    for (const applet of execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n'))
      symlinkSync('/bin/busybox', join(root, 'bin', applet));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), inRoot(text), { mode: 0o755 });
  });
  afterAll(() => rmSync(root, { recursive: true }));

  /** What it answers to the head of a request, and what the container's log says of it. */
  function ask(path: string, { method = 'GET', accept = '*/*', more = {} } = {}) {
    const input = `${method} ${path} HTTP/1.1\r\nHost: demo\r\nAccept: ${accept}\r\n\r\n`;
    const { stdout, stderr } = spawnSync(join(root, 'demo/answer'), { env: { ...env, ...more }, input });
    const [head = '', body = ''] = stdout.toString().split('\r\n\r\n');
    if (method !== 'HEAD') expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
    return { head, body, log: stderr.toString() };
  }

  it('is text for a program and a page for a browser, whose values are no markup', () => {
    const text = ask('/');
    expect(text.body).toMatch(/^hi <b> from \S+, version 1\nnode: n1\nnamespace: .*\naddress: .*\nsecret: none\n$/);
    expect(text.head).toContain('text/plain');
    const page = ask('/', { accept: 'text/html,*/*' });
    expect(page.head).toContain('text/html');
    expect(page.body).toMatch(/<h1>hi &lt;b> from \S+, version 1<\/h1>/);
    expect(page.body).toContain('<tr><th>node</th><td>n1</td></tr>');
    expect(ask('/text', { accept: 'text/html' }).body).toBe(text.body);
  });

  it('says on which node it is: what it is told, what its token names, or that it does not know', () => {
    const nodeOf = (told = '') => /^node: (.*)$/m.exec(ask('/', { more: { NODE_NAME: told } }).body)?.[1];
    expect([nodeOf('n2'), nodeOf()]).toEqual(['n2', 'not known (no token, and no NODE_NAME)']);
    mkdirSync(account, { recursive: true });
    // Whatever remains of its last group of four characters, as a token has no padding; some have - and _ for + and /.
    for (const serviceaccount of ['a', 'ab', 'abc', '~~~???']) {
      const claims = {
        'kubernetes.io': { node: { name: 'n3.example', uid: 'u' }, pod: { name: 'p' } },
        serviceaccount,
      };
      writeFileSync(join(account, 'token'), `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`);
      expect([nodeOf(), nodeOf('n2')]).toEqual(['n3.example', 'n2']);
    }
    writeFileSync(join(account, 'token'), 'no token');
    expect(nodeOf()).toBe('not known (no token, and no NODE_NAME)');
  });

  it('says whether there is a secret, not which', () => {
    expect(ask('/', { more: { PASSWORD: 'sesame' } }).body).toContain('secret: there, 6 characters\n');
    writeFileSync(join(root, 'secret/password'), 'open sesame');
    expect(ask('/').body).toContain('secret: there, 11 characters\n');
  });

  it('reads its greeting from a file, anew each time', () => {
    for (const greeting of ['good morning', 'good night']) {
      writeFileSync(join(root, 'config/greeting'), greeting);
      expect(ask('/').body).toMatch(new RegExp(`^${greeting} from `));
    }
  });

  it('says what its back end says first', async () => {
    const script = `require('node:http').createServer((_, response) => response.end('back\\nmore'))
      .listen(0, '127.0.0.1', function () { console.log(this.address().port); })`;
    const back = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void back.kill());
    const [port] = (await once(back.stdout, 'data')) as [Buffer];
    const more = { BACKEND: `http://127.0.0.1:${String(port).trim()}` };
    expect(ask('/', { more }).body).toMatch(/\nback end: back\n$/);
  });

  it('says which back end does not answer', () => {
    const nowhere = 'http://127.0.0.1:1';
    expect(ask('/', { more: { BACKEND: nowhere } }).body).toContain(`back end: no answer from ${nowhere}\n`);
  });

  it('is well until told otherwise, and again when told so', () => {
    const healthz = () => ask('/healthz').head.split('\r\n')[0];
    expect(healthz()).toBe('HTTP/1.1 200 OK');
    ask('/fail');
    expect(healthz()).toBe('HTTP/1.1 503 Service Unavailable');
    ask('/heal');
    expect(healthz()).toBe('HTTP/1.1 200 OK');
  });

  it('has nothing elsewhere, no body for HEAD, and a line in the log for each request', () => {
    expect(ask('/nothing')).toMatchObject({
      head: expect.stringContaining('404 Not Found'),
      log: 'GET /nothing 404 Not Found\n',
    });
    expect(ask('/', { method: 'HEAD' })).toMatchObject({ body: '', log: 'HEAD / 200 OK\n' });
    expect(spawnSync(join(root, 'demo/answer'), { env, input: '' })).toMatchObject({ status: 0, stdout: Buffer.of() });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends at once on %s, and nothing of it stays', async (signal) => {
    const server = spawn(join(root, 'demo/serve'), { env, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const toAll = (what: NodeJS.Signals) => process.kill(-server.pid!, what);
    onTestFinished(() => {
      if (server.exitCode === null) toAll('SIGKILL');
    });
    await once(server.stdout, 'data');
    server.kill(signal);
    expect(await once(server, 'exit')).toEqual([0, null]);
    // Such as one that was only just being started; it ends here in any case.
    expect(() => toAll('SIGKILL')).toThrow('ESRCH');
  });
});
