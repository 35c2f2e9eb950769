/** Takes a sentence that people should know. Rules tell as they go: that most have nothing to say must cost nothing. */
export type Tell = (warning: string) => void;

/** All that `by` tells, in its order. */
export function told(by: (tell: Tell) => void): string[] {
  const warnings: string[] = [];
  by((warning) => warnings.push(warning));
  return warnings;
}
