import { type Step, shellBlocks, stepsOf } from '../docs/steps.ts';

/** In place of `npm start`, which holds the terminal. */
const start = './kubernest up --detach';

/** What the recording types: what the README says, from the start of a cluster on. */
export const tourOf = (readme: string): readonly Step[] => [
  { command: start, shows: [] },
  ...shellBlocks(readme).flatMap(stepsOf),
];

/** The commands that a text has as its blocks' lines or as code in a sentence. */
export const commandsIn = (markdown: string): ReadonlySet<string> =>
  new Set([
    ...shellBlocks(markdown).flatMap((block) => stepsOf(block).map(({ command }) => command)),
    ...[...markdown.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!),
  ]);
