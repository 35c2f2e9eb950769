import { disagreements } from './locked.mjs';

const wantedMajor = 10;
const howToGet = `Run: npm install --global npm@${wantedMajor}`;

/**
 * Why the packages cannot be installed, and what to do; undefined when they can. `npm` is what `npm --version` said, undefined where
 * there is none.
 */
export function npmRefusalOf({ npm, packageJson, lockfile }) {
  if (npm === undefined)
    return `npm is missing: version ${wantedMajor} or newer installs the packages. It comes with Node.js from https://nodejs.org; put its folder into PATH`;
  const version = npm.trim();
  const major = Number(version.split('.')[0]);
  if (!(major >= 1)) return `npm does not run ("npm --version" says "${version}"). ${howToGet}`;
  if (major < wantedMajor) return `npm ${version} is too old: ${wantedMajor} or newer is needed. ${howToGet}`;
  const read = [
    ['package.json', packageJson],
    ['package-lock.json', lockfile],
  ].map(([name, text]) => [name, parsed(text)]);
  for (const [name, value] of read)
    if (value === undefined) return `${name} is not JSON: was a merge left half done? Run: git checkout ${name}`;
  const faults = disagreements(read[0][1], read[1][1]);
  if (faults.length === 0) return undefined;
  return `package.json and package-lock.json disagree, so nothing was installed:\n${faults.map((fault) => `  ${fault}`).join('\n')}\nTake both from one commit (git checkout package.json package-lock.json), or, if you changed one on purpose, run: npm install --package-lock-only`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
