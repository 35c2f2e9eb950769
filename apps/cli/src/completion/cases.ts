import { leavesOf, type Place, type Values } from './places.ts';

/**
 * What bash and zsh read alike. Of the `words` before the one that is completed, the last `--flag` with its value yet to come is in `flag`.
 * Says in `known` which words may stand there, in `paths` whether a `file` or a `folder` may.
 */
export const cases = (places: readonly Place[]): string => `  for word in "\${words[@]}"; do
    case "$place" in
      ${leavesOf(places).map(quoted).join(' | ')}) break ;;
    esac
    case "$word" in
      -*) ;;
      *) place="\${place:+$place }$word" ;;
    esac
  done
  case "$place $flag" in
${places.flatMap(flagCases).join('\n')}
    *) case "$place" in
${places.map(placeCase).join('\n')}
      esac
      [[ "$current" == -* ]] && paths='' ;;
  esac
`;

const flagCases = ({ path, flags }: Place): readonly string[] =>
  flags.flatMap(({ names, values }) =>
    values ? [`    ${names.map((name) => quoted(`${path} ${name}`)).join(' | ')}) ${saying(values)} ;;`] : [],
  );

function placeCase({ path, commands, values, flags }: Place): string {
  const long = flags.map(({ names: [name], values }) => (values ? `${name}=` : name));
  const words = [...commands.map(({ word }) => word), ...values.words, ...long];
  return `      ${quoted(path)}) ${saying({ words, path: values.path })} ;;`;
}

const saying = ({ words, path }: Values): string => `known=${quoted(words.join(' '))} paths=${quoted(path ?? '')}`;

/** Of a name that the program itself has: none holds a quote. */
const quoted = (text: string): string => `'${text}'`;
