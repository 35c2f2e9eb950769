/** The test files that a Markdown text names as its proof, in code: `a.spec.ts`, `e2e/b.e2e.ts`, and both of `{a,b}.spec.ts`. */
export const namedTests = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/`([\w./{},-]+\.(?:spec|e2e|nightly)\.ts)`/g)].flatMap(([, name]) =>
    alternatives(name!.replace(/^(?:\.\.\/)+/, '')),
  );

function alternatives(name: string): readonly string[] {
  const [whole, listed] = /\{([^{}]+)\}/.exec(name) ?? [];
  return whole === undefined ? [name] : listed!.split(',').flatMap((each) => alternatives(name.replace(whole, each)));
}
