interface Package {
  readonly name: string;
  readonly why: string;
}
export type InstallPlan =
  | { readonly do: 'nothing' }
  | { readonly do: 'advise' | 'refuse'; readonly words: string }
  | { readonly do: 'install'; readonly names: readonly string[] };
export function planInstall(given: {
  readonly missing: readonly Package[];
  readonly mayInstall: boolean;
  readonly isRoot: boolean;
  readonly hasAptGet: boolean;
}): InstallPlan;
export function listsMayHelp(stderr: string): boolean;
export function aptRefusal(given: { readonly missing: readonly Package[]; readonly stderr: string }): string;
