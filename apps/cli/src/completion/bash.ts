import { cases } from './cases.ts';
import type { Place } from './places.ts';

/** Of `--flag=value`, bash itself replaces what stands behind the sign alone. */
export const bashScript = (places: readonly Place[]): string => `_kubernest() {
  local word flag place='' known='' paths='' line="\${COMP_LINE:0:COMP_POINT}"
  local current="\${line##* }"
  local -a words
  read -ra words <<< "\${line% *}"
  flag="\${words[\${#words[@]} - 1]}"
  words=("\${words[@]:1}")
  [[ "$current" == --*=* ]] && flag="\${current%%=*}" current="\${current#*=}"
${cases(places)}
  COMPREPLY=()
  case "$paths" in
    file) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    folder) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
  esac
  if [[ -n "$paths" ]]; then
    compopt -o filenames
  else
    mapfile -t COMPREPLY < <(compgen -W "$known" -- "$current")
    [[ "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace
  fi
  return 0
}
complete -F _kubernest kubernest ./kubernest
`;
