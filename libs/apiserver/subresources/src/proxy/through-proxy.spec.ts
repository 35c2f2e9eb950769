import { expect, test } from 'vitest';
import { throughProxy } from './through-proxy.ts';

const way = { prefix: '/p/proxy', own: '10.0.0.1:80', asked: 'api.example:6443' };

test.each([
  ['/a/b?c=d#e', '/p/proxy/a/b?c=d#e'],
  ['/', '/p/proxy/'],
  ['/a%2Fb//c', '/p/proxy/a%2Fb//c'],
  ['http://10.0.0.1:80/x/', '/p/proxy/x/'],
  ['//10.0.0.1:80', '/p/proxy/'],
  ['https://api.example:6443/x', 'https://api.example:6443/p/proxy/x'],
  ['http://elsewhere/x', 'http://elsewhere/x'],
  ['//elsewhere/x', '//elsewhere/x'],
  ['http://10.0.0.1:80.elsewhere/x', 'http://10.0.0.1:80.elsewhere/x'],
  ['http://10.0.0.1:80?x', 'http://10.0.0.1:80?x'],
  ['mailto:someone', 'mailto:someone'],
  ['x/y', 'x/y'],
  ['?x', '?x'],
  ['#top', '#top'],
  ['', ''],
  ['/p/proxy/a', '/p/proxy/a'],
])('the link %s leads to %s', (url, led) => {
  expect(throughProxy(url, way)).toBe(led);
});
