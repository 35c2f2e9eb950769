/** A package that a bundle has taken code from, as Vite tells it. */
export interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly identifier?: string;
  readonly text?: string;
}

const LINE = `\n${'-'.repeat(80)}\n\n`;

/** What has to go with the bundles to whoever gets them: every package once. Throws where one says nothing of its licence. */
export function thirdPartyLicences(bundles: readonly (readonly Bundled[])[]): string {
  const packages = new Map<string, Bundled>();
  for (const each of bundles.flat()) packages.set(`${each.name} ${each.version}`, each);
  const names = [...packages.keys()].sort();
  return [HEAD, ...names.map((name) => sectionOf(name, packages.get(name)!))].join(LINE);
}

const HEAD = 'The programs beside this file contain code of these packages, each under its own licence.\n';

function sectionOf(name: string, { identifier, text }: Bundled): string {
  if (!identifier && !text) throw new Error(`${name} says nothing of its licence: it cannot be in a bundle`);
  const title = identifier ? `${name} (${identifier})` : name;
  return `${title}\n\n${text ?? `The package names this licence and comes without its text.`}\n`;
}
