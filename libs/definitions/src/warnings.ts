/** Takes a sentence that people should know. Rules warn as they go: that most have nothing to say must cost nothing. */
export type Warn = (warning: string) => void;

/** All that `rules` warn of, in their order. */
export function collectWarnings(rules: (warn: Warn) => void): string[] {
  const warnings: string[] = [];
  rules((warning) => warnings.push(warning));
  return warnings;
}
