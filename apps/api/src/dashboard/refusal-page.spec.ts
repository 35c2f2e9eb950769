import { expect, it } from 'vitest';
import { refusalPage } from './refusal-page.ts';

it.each([
  ['default', 'kubernest', 'kubernest dashboard'],
  ['lab', 'kubernest', 'kubernest dashboard --name lab'],
  ['lab', './kubernest', './kubernest dashboard --name lab'],
  ['default', '/home/eve/checkout/kubernest', './kubernest dashboard'],
  ['<script>', 'kubernest', 'kubernest dashboard'],
])('of the cluster %s, called by %s, it names the command %s and no path', (cluster, command, typed) => {
  const page = refusalPage(cluster, command);
  expect(page).toContain(`<code>${typed}</code>`);
  expect(page).toContain(`<code>${typed.replace('dashboard', 'up')}</code>`);
  expect(page).not.toMatch(/eve|<script>/);
});
