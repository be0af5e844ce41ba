// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "cli/completion.h"
#include "core/errors.h"
#include "core/words.h"

namespace stalemark {
namespace {

// readline parts words at '=', '@' and ':' as well, and replaces the last part alone: the
// script puts words together for the program, and takes off what readline keeps.
constexpr std::string_view bash_script =
    R"script(# Completion of stalemark for bash. The program says what may come next.
_stalemark() {
    local words=() lines=() part before='' last line word i
    for ((i = 1; i <= COMP_CWORD; i++)); do
        part=${COMP_WORDS[i]}
        if ((${#words[@]})) && [[ $part == [=@:]* || $before == [=@:] ]]; then
            words[-1]+=$part
        else
            words+=("$part")
        fi
        before=$part
    done
    last=${COMP_WORDS[COMP_CWORD]}
    [[ $last == [=@:] ]] && last=
    before=${words[-1]%"$last"}

    COMPREPLY=()
    mapfile -t lines < <("${COMP_WORDS[0]/#\~/$HOME}" complete "${words[@]}" 2>/dev/null)
    for line in "${lines[@]:1}"; do
        word=${line%%$'\t'*}
        printf -v word %q "${word#"$before"}"
        COMPREPLY+=("$word")
    done
    case ${lines[0]-} in
        beginnings) compopt -o nospace 2>/dev/null ;;
        files) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$last") ;;
        folders) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$last") ;;
    esac
    [[ ${lines[0]-} == f* ]] && compopt -o filenames 2>/dev/null
    return 0
}
complete -F _stalemark stalemark
)script";

// As a file of $fpath it is the function; where it is sourced it says whose it is.
constexpr std::string_view zsh_script = R"script(#compdef stalemark
# Completion of stalemark for zsh. The program says what may come next.
_stalemark() {
    local -a lines shown ending
    local line word
    lines=("${(@f)$(${~words[1]} complete "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
    for line in "${(@)lines[2,-1]}"; do
        word=${line%%$'\t'*}
        shown+=("${word//:/\\:}:${line#*$'\t'}")
    done
    [[ $lines[1] == beginnings ]] && ending=(-S '')
    (( $#shown )) && _describe stalemark shown "${ending[@]}"
    case $lines[1] in
        files) compset -P '--*='; _files ;;
        folders) compset -P '--*='; _files -/ ;;
    esac
}
if [[ $funcstack[1] == _stalemark ]]; then
    _stalemark "$@"
else
    compdef _stalemark stalemark
fi
)script";

}  // namespace

std::string_view completion_script(std::string_view shell) {
    if (shell == "bash") return bash_script;
    if (shell == "zsh") return zsh_script;
    throw InputError(unknown_word("shell", shell, completion_shells));
}

}  // namespace stalemark
