import { expect, it } from 'vitest';
import { environmentAtBoot } from './environment.ts';

it('at boot a cluster has the paths and proxies of the shell that installed it, and nothing else of that', () => {
  const needed = {
    PATH: '/usr/bin',
    KUBECONFIG: '/k',
    DOCKER_HOST: 'unix:///d',
    HTTP_PROXY: 'http://proxy:3128',
    HTTPS_PROXY: 'http://me:secret@proxy:3128',
    NO_PROXY: 'registry.lab',
    http_proxy: 'http://proxy:3128',
    https_proxy: 'http://proxy:3128',
    no_proxy: '.lab',
  };
  const given = { ...needed, HOME: '/of/somebody', SHELL: '/bin/sh', MY_HTTP_PROXY: 'x', AWS_SECRET: 'x' };
  expect(environmentAtBoot(given, '/home/me')).toEqual({ ...needed, HOME: '/home/me' });
  expect(environmentAtBoot({ KUBECONFIG: '', HTTP_PROXY: '' }, '/home/me')).toEqual({ PATH: '', HOME: '/home/me' });
});
