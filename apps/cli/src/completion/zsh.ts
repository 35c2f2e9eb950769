import { cases } from './cases.ts';
import type { Place } from './places.ts';

/** Its `words` hold the command itself and what comes behind the cursor, too; `path` is zsh's own. */
export const zshScript = (places: readonly Place[]): string => `#compdef kubernest
(( $+functions[compdef] )) || { autoload -U compinit && compinit; }
_kubernest() {
  local word place='' known='' paths='' current="$PREFIX" flag="\${words[CURRENT - 1]}"
  local -a words=("\${(@)words[2,CURRENT - 1]}")
  [[ "$current" == --*=* ]] && flag="\${current%%=*}" current="\${current#*=}" && compset -P '--*='
${cases(places)}
  case "$paths" in
    file) _files ;;
    folder) _files -/ ;;
    *)
      local -a offered=(\${=known})
      compadd -S '' -- "\${(@M)offered:#*=}"
      compadd -- "\${(@)offered:#*=}"
      ;;
  esac
}
compdef _kubernest kubernest
`;
