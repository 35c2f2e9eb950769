import { expect, it } from 'vitest';
import { refusalOfInstall } from './install.command.ts';

const can = { hasSystemd: true, isRoot: true, isRunning: false };
const lab = { name: 'lab', flags: ' --name lab' };
const refused = (facts: Partial<typeof can>) => refusalOfInstall({ ...can, ...facts }, lab);

it('a cluster is installed by root where systemd runs', () => expect(refused({})).toBeUndefined());

it.each([
  [
    'without systemd',
    { hasSystemd: false, isRoot: false },
    /^systemd does not run here, .* stands above$/,
    /^To start the cluster at boot:$/,
  ],
  [
    'by others than root',
    { isRoot: false, isRunning: true },
    /^only root can install a unit, .* stands above$/,
    /^To start a cluster of this user/,
  ],
  [
    'while it runs',
    { isRunning: true },
    /^cluster "lab" runs already; first stop it with: .* down --name lab$/,
    undefined,
  ],
])('and nothing is installed, with the way out, %s', (_, facts, why, otherwise) => {
  expect(refused(facts)?.why).toMatch(why);
  if (otherwise) expect(refused(facts)?.otherwise).toMatch(otherwise);
  else expect(refused(facts)?.otherwise).toBeUndefined();
});
