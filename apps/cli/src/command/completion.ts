import type { Command, Option } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What a shell can complete behind one path of words: `image` has the word `load`, `image load` has flags. */
interface Place {
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly about: string }[];
}

/** A script that makes the shell complete the words and flags of `program`, and the values of flags that have choices. */
export function completionScript(shell: Shell, program: Command): string {
  const places = placesOf(program, '');
  if (shell === 'fish') return fishScript(places);
  const script = bashScript(places);
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${script}` : script;
}

function placesOf(command: Command, path: string): readonly Place[] {
  const children = command.commands.map((child) => ({ word: child.name(), about: child.description() }));
  const flags = command.options.filter(({ hidden }) => !hidden).flatMap(flagWords);
  const choices = command.registeredArguments.flatMap(({ argChoices }) =>
    (argChoices ?? []).map((word) => ({ word, about: '' })),
  );
  return [
    { path, words: [...children, ...choices, ...flags] },
    ...command.commands.flatMap((child) => placesOf(child, `${path} ${child.name()}`.trim())),
  ];
}

function flagWords(option: Option): Place['words'] {
  const about = option.description;
  if (option.argChoices) return option.argChoices.map((choice) => ({ word: `${option.long}=${choice}`, about }));
  return [{ word: `${option.long}${option.required ? '=' : ''}`, about }];
}

/** Behind these stands no further word of a command: what is typed there are values of flags and arguments. */
const leavesOf = (places: readonly Place[]): readonly string[] =>
  places
    .map(({ path }) => path)
    .filter((path) => !places.some((other) => other.path.startsWith(`${path} `.trimStart())));

/** The path is what was typed without flags, up to a command. */
function bashScript(places: readonly Place[]): string {
  const cases = places.map(({ path, words }) => `    '${path}') known='${words.map(({ word }) => word).join(' ')}' ;;`);
  return `_kubernest() {
  local word path='' known='' current="\${COMP_WORDS[COMP_CWORD]}"
  local line="\${COMP_LINE:0:COMP_POINT}"
  [[ "$line" == *' ' ]] && current='' || current="\${line##* }"
  for word in \${line% *}; do
    case "$path" in
      ${leavesOf(places)
        .map((path) => `'${path}'`)
        .join(' | ')}) break ;;
    esac
    case "$word" in
      */kubernest | kubernest | -*) ;;
      *) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$known" -- "$current"))
  # Of --flag=value, bash replaces what stands behind the sign alone.
  [[ "$current" == *=* ]] && COMPREPLY=("\${COMPREPLY[@]#*=}")
  [[ "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace
  return 0
}
complete -F _kubernest kubernest ./kubernest
`;
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words }) =>
    words.map(
      ({ word, about }) =>
        `complete -c kubernest -f -n '_kubernest_at "${path}"' -a ${quoted(word)} -d ${quoted(about)}`,
    ),
  );
  return `function _kubernest_at
  set -l words (commandline -opc)
  set -l leaves ${leavesOf(places).map(quoted).join(' ')}
  set -l path
  for word in (string match -v -- '-*' $words[2..-1])
    contains -- "$path" $leaves; and break
    set path (string trim "$path $word")
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}
`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
