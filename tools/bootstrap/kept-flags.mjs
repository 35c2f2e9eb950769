/** A flag of the program's before `--` is npm's to read: it becomes a variable and goes nowhere. Only npm's own name for these words counts. */
const words = ['name', 'data-dir', 'config', 'detach', 'api-port', 'runtime', 'hollow-nodes', 'store'];
const more = ['node-ports', 'cluster-cidr', 'service-cidr', 'node-name', 'no-addons', 'no-install'];

/** What to say of flags that `npm start` kept for itself; undefined where it kept none. */
export function keptFlagsRefusal(env) {
  if (env.npm_lifecycle_event !== 'start') return undefined;
  const kept = [...words, ...more].filter((word) => isKept(word, env));
  if (kept.length === 0) return undefined;
  const flags = kept.map((word) => `--${word}`).join(', ');
  const typed = kept.map((word) => withValue(word, keptValue(word, env))).join(' ');
  return `npm kept ${flags} for itself: flags of Kubernest come behind a -- of their own, as in: npm start -- ${typed}`;
}

const keptValue = (word, env) => env[`npm_config_${word.replace(/^no-/, '').replaceAll('-', '_')}`];

function isKept(word, env) {
  const value = keptValue(word, env);
  if (value === undefined) return false;
  if (word.startsWith('no-')) return value === '';
  // Builds of native packages know a setting of this name, with values of their own.
  return word !== 'runtime' || ['docker', 'hollow', 'true'].includes(value);
}

/** Of `--flag value`, npm takes the value for a word of its own. */
function withValue(word, value) {
  if (word.startsWith('no-') || word === 'detach') return `--${word}`;
  return `--${word}=${value === 'true' ? '…' : value}`;
}
