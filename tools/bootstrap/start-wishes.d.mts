export function startWishes(given: {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly parse: (text: string) => unknown;
  readonly parentOfClusters?: string;
}): { readonly mayInstall: boolean; readonly hollow: boolean };
