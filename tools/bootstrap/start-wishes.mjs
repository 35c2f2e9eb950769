import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/**
 * What decides, before the program itself runs, whether a start needs Debian packages: flags, the file of flags, and what a cluster that is
 * there was made with. What cannot be read here leaves all as it is: the program refuses it in its own words. `parse` reads YAML.
 */
export function startWishes({ args, env, parse, parentOfClusters = '/var/lib/kubernest' }) {
  const typed = (word) => flagIn(args, `--${word}`);
  const file = typed('config') ?? env.KUBERNEST_CONFIG;
  const config = file ? read(atHome(file), parse) : {};
  if (!config) return { mayInstall: false, hollow: true };
  const said = (word) => typed(word) ?? config[word];
  const fromConfig = typed('data-dir') === undefined && config['data-dir'] !== undefined;
  const dataDir = said('data-dir') ?? join(parentOfClusters, String(said('name') ?? 'default'));
  const dir = resolve(fromConfig ? dirname(atHome(file)) : '.', atHome(String(dataDir)));
  const hollow = [madeWith(dir), said('runtime')].includes('hollow');
  const mayInstall = !args.includes('--no-install') && config.install !== false && config['no-install'] !== true;
  return { mayInstall, hollow };
}

/** `--flag=value` and `--flag value`; the last counts. */
function flagIn(args, flag) {
  const at = args.findLastIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  if (at < 0) return undefined;
  return args[at] === flag ? args[at + 1] : args[at].slice(flag.length + 1);
}

/** What a cluster was made with, or, before that was kept, started with the last time. */
const madeWith = (dir) =>
  [join(dir, 'cluster.json'), join(dir, 'run/session.json')]
    .map((file) => existsSync(file) && read(file, JSON.parse)?.runtime)
    .find(Boolean);

function read(file, parse) {
  try {
    const value = parse(readFileSync(file, 'utf8')) ?? {};
    return typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}

const atHome = (path) => path.replace(/^~(?=\/|$)/, homedir());
