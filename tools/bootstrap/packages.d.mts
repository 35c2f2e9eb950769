export interface DebianPackage {
  readonly name: string;
  readonly why: string;
  there(): boolean;
}
export const clusterPackages: readonly DebianPackage[];
export function inPath(name: string): boolean;
