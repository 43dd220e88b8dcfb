"""What each shell runs to complete a call, and where it has to stand.

No word that a file states is ever evaluated: bash gets it with each odd sign escaped, the others
take words as they are and quote them themselves.
"""

from __future__ import annotations

BASH = """\
_tracker_words() {
    local lines=()
    mapfile -t lines < <(tracker completion words bash "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    COMPREPLY=()
    case "${lines[0]-}" in
        :files) compopt -o default -o filenames; return ;;
        :nospace) compopt -o nospace; lines=("${lines[@]:1}") ;;
    esac
    COMPREPLY=("${lines[@]}")
}
complete -F _tracker_words tracker
"""

ZSH = """\
#compdef tracker
_tracker() {
    local -a lines words_found shown before suffix
    local line tab=$'\\t'
    before=("${(@Q)words[1,CURRENT-1]}")
    lines=("${(@f)$(tracker completion words zsh "${before[@]}" "+$PREFIX" 2>/dev/null)}")
    if [[ "$lines[1]" == ":files" ]]; then
        _files
        return
    fi
    if [[ "$lines[1]" == ":nospace" ]]; then
        suffix=(-S '')
        shift lines
    fi
    for line in "${lines[@]}"; do
        [[ -n "$line" ]] || continue
        words_found+=("${line%%$tab*}")
        if [[ "$line" == *$tab* ]]; then
            shown+=("${line%%$tab*}  -- ${line#*$tab}")
        else
            shown+=("$line")
        fi
    done
    (( $#words_found )) && compadd "${suffix[@]}" -l -d shown -a words_found
}
if [[ "$funcstack[1]" == _tracker ]]; then
    _tracker "$@"
else
    compdef _tracker tracker
fi
"""

FISH = """\
function __tracker_words
    set -l before (commandline -opc)
    set -l lines (tracker completion words fish $before "+"(commandline -ct) 2>/dev/null)
    switch "$lines[1]"
        case :files
            __fish_complete_path (commandline -ct)
            return
        case :nospace
            set -e lines[1]
    end
    printf '%s\\n' $lines
end
complete -c tracker -f -a '(__tracker_words)'
"""

POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName tracker -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { if ($_.Value -is [string]) { $_.Value } else { $_.Extent.Text } })
    $lines = @(& tracker completion words powershell @before "+$wordToComplete" 2>$null)
    if ($lines.Count -and $lines[0] -eq ':files') { return }
    $lines | Where-Object { $_ -and $_ -ne ':nospace' } | ForEach-Object {
        $word, $meaning = $_ -split "`t", 2
        $shown = if ($meaning) { $meaning } else { $word }
        $safe = if ($word -match '^[A-Za-z0-9./=_-]+$') { $word } else {
            "'" + $word.Replace("'", "''") + "'"
        }
        [System.Management.Automation.CompletionResult]::new($safe, $word, 'ParameterValue', $shown)
    }
}
"""

#: By shell: the script, and the line that has it run whenever the shell begins.
SCRIPTS = {
    "bash": (BASH, "echo 'eval \"$(tracker completion bash)\"' >> ~/.bashrc"),
    "zsh": (ZSH, "echo 'eval \"$(tracker completion zsh)\"' >> ~/.zshrc  (after compinit)"),
    "fish": (FISH, "tracker completion fish > ~/.config/fish/completions/tracker.fish"),
    "powershell": (POWERSHELL, "tracker completion powershell >> $PROFILE"),
}
