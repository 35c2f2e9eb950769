import { ConfigError } from './config-error.ts';

/** Linux takes no argument and no variable above 32 pages, which are of 4 KiB, with the zero at its end. */
const MOST_OF_ONE = 131_072;
/** Nor more of all than three quarters of 8 MiB, whatever the container may have as its stack. */
const MOST_OF_ALL = 6 * 2 ** 20;
/** Of each string the kernel keeps an address and the zero at its end. */
const BESIDE = 9;

/**
 * What a container's start would be refused for by the kernel is refused before it is made: references to references can make a gigabyte of
 * a kilobyte. Letters are counted where the kernel counts bytes, of which there are as many at least.
 */
export class ExecSize {
  #left = MOST_OF_ALL;

  /** One argument; throws when there is no room for it. */
  take(length: number): void {
    withinOne(length);
    this.add(length);
  }

  /** A variable that another may still replace; throws when there is no room for it beside the others. */
  add(length: number): void {
    this.#left -= length + BESIDE;
    if (this.#left < 0) throw tooLong(`all of them have more than ${MOST_OF_ALL} bytes`);
  }

  /** One that has been replaced. */
  giveBack(length: number): void {
    this.#left += length + BESIDE;
  }
}

/** Throws when one argument or variable of that length would be refused. */
export function withinOne(length: number): void {
  if (length >= MOST_OF_ONE) throw tooLong(`one of them has more than ${MOST_OF_ONE - 1} bytes`);
}

/** In the kernel's words. */
const tooLong = (why: string): ConfigError => new ConfigError(`argument list too long: ${why}`);
