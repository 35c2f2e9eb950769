export interface DebianPackage {
  readonly name: string;
  readonly why: string;
  there(): boolean;
}
export const clusterPackages: readonly DebianPackage[];
export function fileInPath(name: string): string | undefined;
export function inPath(name: string): boolean;
