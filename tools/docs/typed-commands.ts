import type { Command } from 'commander';

/** Every `kubernest …` that a Markdown text says to type: in its blocks, and in its code spans, where arguments may be left out. */
export const typedCommands = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/(?<![\w/.-])(?:\.\/)?kubernest (?=[a-z-])([^`\n|;>)"]*)/g)]
    .filter(({ index }) => isCode(markdown, index))
    .map(([, words]) => words!.trim());

/** What of it the program does not have: a command or a flag. Undefined where it has all. */
export function unknownWord(typed: string, program: Command): string | undefined {
  let at = program;
  for (const word of typed.split(/\s+/)) {
    const flag = /^(--?[a-z][a-z-]*)/.exec(word)?.[1];
    const command = at.commands.find((each) => each.name() === word);
    if (command) at = command;
    else if (flag) {
      if (flag !== '--help' && !at.options.some(({ long, short }) => long === flag || short === flag)) return flag;
    } else if (at.commands.length > 0) return word;
    // What follows is kubectl's own.
    if (at.name() === 'kubectl') return undefined;
  }
  return undefined;
}

function isCode(markdown: string, index: number): boolean {
  const before = markdown.slice(0, index);
  const inFence = (before.match(/^```/gm)?.length ?? 0) % 2 === 1;
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return inFence ? !line.trimStart().startsWith('#') : (line.match(/`/g)?.length ?? 0) % 2 === 1;
}
