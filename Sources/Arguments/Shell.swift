// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A shell that completions are made for.
public enum Shell: String, CaseIterable, Sendable, ArgumentValue {
    /// GNU bash.
    case bash
    /// Z shell.
    case zsh
    /// Friendly interactive shell.
    case fish

    /// The script to be sourced; it asks `program __complete WORDS...` for each completion.
    public func script(for program: String) -> String {
        switch self {
        case .bash:
            """
            # \(program) completion for bash: source <(\(program) completion bash)
            _\(program)() {
                local line word=${COMP_WORDS[COMP_CWORD]}
                COMPREPLY=()
                while IFS= read -r line; do
                    if [ "$line" = ":files" ]; then
                        compopt -o filenames 2>/dev/null
                        COMPREPLY+=($(compgen -f -- "$word"))
                    else
                        COMPREPLY+=("${line%%$'\\t'*}")
                    fi
                done < <(\(program) __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
            }
            complete -F _\(program) \(program)
            """
        case .zsh:
            """
            #compdef \(program)
            # \(program) completion for zsh: source <(\(program) completion zsh)
            _\(program)() {
                local line
                local -a candidates
                while IFS= read -r line; do
                    if [[ "$line" == ":files" ]]; then
                        _files
                    else
                        candidates+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
                    fi
                done < <(\(program) __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
                _describe '\(program)' candidates
            }
            compdef _\(program) \(program)
            """
        case .fish:
            """
            # \(program) completion for fish: \(program) completion fish | source
            function __\(program)_complete
                set -l words (commandline -opc) (commandline -ct)
                for line in (\(program) __complete -- $words[2..-1] 2>/dev/null)
                    if test "$line" = ":files"
                        __fish_complete_path (commandline -ct)
                    else
                        echo $line
                    end
                end
            end
            complete -c \(program) -f -a '(__\(program)_complete)'
            """
        }
    }
}
