/** Goes on with what is there, at once where it is: most of what may have to be waited for need not be, and a promise costs as much as the step. */
export function onceDone<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
