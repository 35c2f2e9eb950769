export interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly node: string;
  readonly hasGlibc: boolean;
}
export function refusalOf(machine: Machine): string | undefined;
export function warningOf(machine: Machine): string | undefined;
export function thisMachine(): Machine;
