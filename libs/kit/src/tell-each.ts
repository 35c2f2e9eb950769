/** Tells all who listen, each whatever another one throws; that goes to `onFault`. */
export function tellEach<T>(
  listeners: Iterable<T>,
  tell: (listener: T) => void,
  onFault: (fault: unknown) => void,
): void {
  for (const listener of listeners) {
    try {
      tell(listener);
    } catch (fault) {
      onFault(fault);
    }
  }
}
