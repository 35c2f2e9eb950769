import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { adviceWithoutSystemd, scriptOf } from './without-systemd.ts';

const start = {
  cluster: 'a',
  command: '/srv/kubernest/kubernest',
  flags: ['--name=a', "--data-dir=/it's 5%"],
  dataDir: "/it's 5%",
  environment: { PATH: '/bin', HTTPS_PROXY: 'http://me:$ecret@proxy' },
};

it('without systemd there is a script, and what cron and a supervisor take to run it', () => {
  expect(adviceWithoutSystemd(start, '/home/5%')).toEqual([
    'save what is between the lines as /home/5%/kubernest-a.sh, to be read by this user alone (chmod 600)',
    expect.stringMatching(/^-+$/),
    '#!/bin/sh',
    'export PATH=/bin',
    "export HTTPS_PROXY='http://me:$ecret@proxy'",
    "exec /srv/kubernest/kubernest up --name=a '--data-dir=/it'\\''s 5%' \"$@\"",
    expect.stringMatching(/^-+$/),
    'with cron, by crontab -e:         @reboot /bin/sh /home/5\\%/kubernest-a.sh --detach',
    'with a supervisor, which runs it: /bin/sh /home/5%/kubernest-a.sh',
  ]);
});

it('the line for cron is short, whatever the environment and the flags are', () => {
  const long = { ...start, flags: [`--store=${'x'.repeat(2000)}`], environment: { PATH: '/usr/bin:'.repeat(1000) } };
  expect(adviceWithoutSystemd(long, '/root').find((line) => line.includes('@reboot'))!.length).toBeLessThan(100);
});

it('a shell runs the script with just this environment and these flags, and those that it is given', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-boot-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const command = join(dir, "my 'kubernest'");
  writeFileSync(command, '#!/bin/sh\nprintf "%s\\n" "$HTTPS_PROXY" "$HOME" "$@"');
  chmodSync(command, 0o700);
  const environment = { ...start.environment, HOME: '/a\n$(b) "c"' };
  const file = join(dir, 'start.sh');
  writeFileSync(file, scriptOf({ ...start, command, environment }).join('\n'));
  expect(spawnSync('/bin/sh', [file, '--detach'], { encoding: 'utf8', env: {} })).toMatchObject({
    stdout: `http://me:$ecret@proxy\n${environment.HOME}\nup\n--name=a\n--data-dir=/it's 5%\n--detach\n`,
    stderr: '',
  });
});
