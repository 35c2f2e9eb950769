import { absentFacts, type Fact, type FactName, facts } from './facts.ts';

export interface Skip {
  readonly file: string;
  readonly name: string;
  /** What the test declared with `needs`. */
  readonly needs: readonly FactName[];
}

/** The skips that are failures, one line each. `absent` is what the runner itself did not find; CI has all that is not optional. */
export function skipFaults(
  skips: readonly Skip[],
  { absent, isCi }: { readonly absent: ReadonlySet<FactName>; readonly isCi: boolean },
): readonly string[] {
  return skips.flatMap((skip) => {
    const because = reasonAgainst(skip, absent, isCi);
    return because ? [`${skip.file}: "${skip.name}" skipped, ${because}`] : [];
  });
}

function reasonAgainst({ needs }: Skip, absent: ReadonlySet<FactName>, isCi: boolean): string | undefined {
  if (needs.length === 0) return 'but names no machine fact that it needs (tools/test/facts.ts)';
  const lacking = needs.filter((name) => absent.has(name));
  if (lacking.length === 0) return `though this machine has what it needs: ${needs.join(', ')}`;
  const wanted = lacking.filter((name) => !(facts[name] as Fact).optional);
  if (isCi && wanted.length > 0) return `but CI must have ${wanted.map((name) => facts[name].what).join(', ')}`;
  return undefined;
}

/** Of this machine, as it is now. */
export const unfairSkips = (skips: readonly Skip[]): readonly string[] =>
  skipFaults(skips, { absent: absentFacts(), isCi: Boolean(process.env['CI']) });
