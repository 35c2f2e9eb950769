// What package.json asks for against what package-lock.json holds. `npm start` asks before `npm ci`, `npm run verify` always.

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const exact = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const alias = /^npm:((?:@[^/@]+\/)?[^/@]+)@(.+)$/;

/** `npm:other@1.2.3` → the other package and its version; else the package itself. */
function targetOf(name, asked) {
  const [, other, version] = alias.exec(asked) ?? [];
  return other ? { name: other, version } : { name, version: asked };
}

/** What `npm ci` would refuse, or would install otherwise than package.json says: one line each. */
export function disagreements(packageJson, lockfile) {
  if (lockfile.lockfileVersion !== 3 || typeof lockfile.packages?.[''] !== 'object')
    return [`package-lock.json: lockfileVersion is ${lockfile.lockfileVersion}, not 3 with its packages`];
  const root = lockfile.packages[''];
  return [
    ...sections.flatMap((section) => sectionFaults(section, packageJson[section] ?? {}, root[section] ?? {}, lockfile)),
    ...mapFaults('engines', packageJson.engines ?? {}, root.engines ?? {}),
    ...overridesOf(packageJson.overrides).flatMap((override) => overrideFaults(override, packageJson, lockfile)),
  ];
}

function mapFaults(what, asked, locked) {
  const names = [...new Set([...Object.keys(asked), ...Object.keys(locked)])];
  return names
    .filter((name) => asked[name] !== locked[name])
    .map(
      (name) =>
        `${what} ${name}: package.json says ${asked[name] ?? 'nothing'}, package-lock.json ${locked[name] ?? 'nothing'}`,
    );
}

function sectionFaults(section, asked, locked, lockfile) {
  const told = mapFaults(section, asked, locked);
  const installed = Object.entries(asked)
    .filter(([name, version]) => locked[name] === version)
    .flatMap(([name, version]) => {
      const target = targetOf(name, version);
      const entry = lockfile.packages[`node_modules/${name}`];
      if (!entry) return section === 'peerDependencies' ? [] : [`${section} ${name}: not in package-lock.json`];
      const isSame = !exact.test(target.version) || entry.version === target.version;
      if (isSame && (entry.name ?? name) === target.name) return [];
      return [`${section} ${name}: ${version} is asked for, ${entry.name ?? name}@${entry.version} is locked`];
    });
  return [...told, ...installed];
}

/** The leaves of `overrides`: an object's `.` is about the package itself, its other keys about packages below it. */
function overridesOf(overrides = {}, below = []) {
  return Object.entries(overrides).flatMap(([key, value]) => {
    const path = key === '.' ? below : [...below, key];
    return typeof value === 'object' ? overridesOf(value, path) : [{ path, value }];
  });
}

/** Where an override applies everywhere, every locked copy must have its version; npm does not note overrides in the lockfile. */
function overrideFaults({ path, value }, packageJson, lockfile) {
  const wanted = value.startsWith('$') ? askedFor(packageJson, value.slice(1)) : value;
  if (wanted === undefined) return [`overrides ${path.join(' > ')}: ${value} names no dependency`];
  const name = nameIn(path[path.length - 1]);
  const target = targetOf(name, wanted);
  if (path.length > 1 || path[0] !== name || !exact.test(target.version)) return [];
  return Object.entries(lockfile.packages)
    .filter(([at, entry]) => at.endsWith(`node_modules/${name}`) && entry.version !== target.version)
    .map(([at, entry]) => `overrides ${name}: ${wanted} is asked for, ${entry.version} is locked at ${at}`);
}

/** Without the version; a scope begins with such a sign, too. */
function nameIn(key) {
  const at = key.indexOf('@', 1);
  return at < 0 ? key : key.slice(0, at);
}

const askedFor = (packageJson, name) => sections.map((section) => packageJson[section]?.[name]).find(Boolean);

/** What could install something else on another day or from elsewhere, beside the disagreements: one line each. */
export function lockFaults(packageJson, lockfile) {
  const asked = [
    ...sections.flatMap((section) =>
      Object.entries(packageJson[section] ?? {}).map(([name, version]) => [`${section} ${name}`, name, version]),
    ),
    ...overridesOf(packageJson.overrides)
      .filter(({ value }) => !value.startsWith('$'))
      .map(({ path, value }) => [`overrides ${path.join(' > ')}`, path[path.length - 1], value]),
  ];
  return [
    ...asked
      .filter(([, name, version]) => !exact.test(targetOf(name, version).version))
      .map(([what, , version]) => `${what}: ${version} is no exact version`),
    ...disagreements(packageJson, lockfile),
    ...Object.entries(lockfile.packages ?? {}).flatMap(([at, entry]) => (at === '' ? [] : entryFaults(at, entry))),
  ];
}

function entryFaults(at, entry) {
  const faults = [];
  if (!exact.test(entry.version ?? '')) faults.push(`package-lock.json ${at}: ${entry.version} is no exact version`);
  // What came inside another package's archive is covered by that archive's hash.
  if (!entry.integrity && !entry.inBundle) faults.push(`package-lock.json ${at}: has no integrity`);
  if (entry.resolved !== undefined) faults.push(`package-lock.json ${at}: is bound to where it was downloaded from`);
  if (entry.link) faults.push(`package-lock.json ${at}: is a link`);
  return faults;
}
