export function npmRefusalOf(given: {
  readonly npm: string | undefined;
  readonly packageJson: string;
  readonly lockfile: string;
}): string | undefined;
