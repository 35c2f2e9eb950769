import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { browserOpener, whyNone } from './dashboard.command.ts';

it('a browser is opened where there is a screen, or the user has named one', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-browser-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = `/no/such/folder:${dir}`;
  expect(browserOpener({ PATH: path, DISPLAY: ':0' })).toBeUndefined();
  writeFileSync(join(dir, 'xdg-open'), '');
  expect(browserOpener({ PATH: path, DISPLAY: ':0' })).toBe(join(dir, 'xdg-open'));
  expect(browserOpener({ PATH: path, WAYLAND_DISPLAY: 'wayland-0' })).toBe(join(dir, 'xdg-open'));
  expect(browserOpener({ PATH: path })).toBeUndefined();
  expect(browserOpener({ PATH: path, BROWSER: 'lynx' })).toBe('lynx');
});

it('what is missing for one is named', () => {
  expect(whyNone({ PATH: '/usr/bin' })).toContain(
    'there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)',
  );
  expect(whyNone({ PATH: '/none', DISPLAY: ':0' })).toContain('there is no xdg-open in PATH');
});
