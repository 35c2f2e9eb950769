import { expect, it } from 'vitest';
import { refusalOfInstall } from './install.command.ts';

const can = { hasSystemd: true, isRoot: true, isRunning: false };
const lab = { name: 'lab', flags: ' --name lab' };
const refused = (facts: Partial<typeof can>) => refusalOfInstall({ ...can, ...facts }, lab, () => ['by cron']);

it('a cluster is installed by root where systemd runs', () => expect(refused({})).toBeUndefined());

it.each([
  ['without systemd', { hasSystemd: false, isRoot: false }, /^systemd does not run here, .*\nby cron$/],
  ['by others than root', { isRoot: false, isRunning: true }, /^only root can install a unit, .*\nby cron$/],
  ['while it runs', { isRunning: true }, /^cluster "lab" runs already; first stop it with: .* down --name lab$/],
])('and nothing is installed, with the way out, %s', (_, facts, words) => expect(refused(facts)).toMatch(words));
