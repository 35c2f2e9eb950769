/** What only a newer kubectl has than Debian's, 1.20: how it looks in a command or a manifest, and the first version that has it. */
const since: readonly (readonly [RegExp, string])[] = [
  [/kubectl create token\b/, '1.24'],
  [/kubectl auth whoami\b/, '1.28'],
  [/kubectl events\b/, '1.26'],
  [/kubectl debug\b.*--profile/, '1.27'],
  [/--subresource\b/, '1.24'],
  [/kubectl wait\b.*--for=jsonpath/, '1.23'],
  [/kubectl wait\b.*--for=create/, '1.31'],
  [/^labels:$/m, '1.22'],
  [/^(replicas|replacements|components|patches):$/m, '1.21'],
];

/** What a text shows and does not say to need a newer kubectl. */
export const unsaidVersions = (text: string): readonly string[] =>
  since
    .filter(([shown]) => shown.test(text))
    .map(([, version]) => version)
    .filter((version) => !newerWords(text).some((said) => minorOf(said) >= minorOf(version)));

const newerWords = (text: string): readonly string[] =>
  [...text.matchAll(/kubectl (1\.\d+) or newer/g)].map(([, version]) => version!);

const minorOf = (version: string): number => Number(version.split('.')[1]);
