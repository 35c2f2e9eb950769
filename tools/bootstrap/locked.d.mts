/** Both take parsed JSON of any shape and return one line for each fault. */
export function disagreements(packageJson: object, lockfile: object): string[];
export function lockFaults(packageJson: object, lockfile: object): string[];
