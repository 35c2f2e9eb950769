import { type Flag, leavesOf, type Place, type Values } from './places.ts';

export const fishScript = (places: readonly Place[]): string => `function _kubernest_at
  set -l words (commandline -opc)
  set -l leaves ${leavesOf(places).map(quoted).join(' ')}
  set -l path
  for word in (string match -v -- '-*' $words[2..-1])
    contains -- "$path" $leaves; and break
    set path (string trim "$path $word")
  end
  test "$path" = "$argv[1]"
end
complete -c kubernest -f
${places.flatMap(placeLines).join('\n')}
`;

function placeLines({ path, commands, values, flags }: Place): readonly string[] {
  const here = `complete -c kubernest -n ${quoted(`_kubernest_at "${path}"`)}`;
  const words = [...commands, ...values.words.map((word) => ({ word, about: '' }))];
  return [
    ...words.map(({ word, about }) => `${here} -f -a ${quoted(word)} -d ${quoted(about)}`),
    ...(values.path ? [`${here} ${offering({ words: [], path: values.path })}`] : []),
    ...flags.map((flag) => `${here} ${named(flag)} -d ${quoted(flag.about)}`),
  ];
}

function named({ names: [long, short], values }: Flag): string {
  const name = `-l ${long.slice(2)}${short ? ` -s ${short.slice(1)}` : ''}`;
  return values ? `${name} -r ${offering(values)}` : name;
}

function offering({ words, path }: Values): string {
  if (path === 'file') return '-F';
  if (path === 'folder') return `-f -a '(__fish_complete_directories)'`;
  return words.length > 0 ? `-f -a ${quoted(words.join(' '))}` : '-f';
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
