import type { TerminalSize } from './channels.ts';

/**
 * A listener that applies sizes one after the other: a runtime that is given two at once may apply the older one last. Of the
 * sizes that come meanwhile only the last one counts. A size that cannot be applied is forgotten.
 */
export function followSize(apply: (columns: number, rows: number) => Promise<void>): (size: TerminalSize) => void {
  let wanted: TerminalSize | undefined;
  let applying = false;
  const applyAll = async (): Promise<void> => {
    applying = true;
    while (wanted) {
      const { columns, rows } = wanted;
      wanted = undefined;
      await apply(columns, rows).catch(() => {});
    }
    applying = false;
  };
  return (size) => {
    wanted = size;
    if (!applying) void applyAll();
  };
}
