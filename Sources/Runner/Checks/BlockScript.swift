/// Runs the commands of a block one after the other in one shell, and tells of each.
///
/// One shell for a block, so that `cd`, variables and functions last as their author means them. At the first command
/// that fails the block ends, as `cd build` that failed must not let `rm -rf *` go on.
enum BlockScript {
    /// The argument vector for a block; its key goes to standard input.
    static func arguments(_ block: String) -> [String] {
        ["bash", "--noprofile", "--norc", "-c", script, "bash", block]
    }

    /// Prints, each on a line of its own after a key that no command knows: `begin LINE COUNT` (the command's first line
    /// in the block, from 0, and its number of lines) and `end CODE`; `done` when the block came to its end.
    ///
    /// What is one command is told by bash itself: lines are added until `bash -n` finds them whole (loops, quotes,
    /// here-documents, `\`). The key comes by standard input, so that it stands on no command line.
    static let script = #"""
        IFS= read -r __orchestrator_key
        exec 3>&1 </dev/null
        __orchestrator_tell() { printf '\n%s %s\n' "$__orchestrator_key" "$*" >&3; }
        __orchestrator_is_whole() {
            local said
            case $1 in *\\) [[ $1 =~ (^|[^\\])(\\\\)*\\$ ]] && return 1 ;; esac
            said=$(bash -n -c "$1" 2>&1) || return 1
            [[ $said != *here-document* ]]
        }
        trap '__orchestrator_code=$?; [ -z "$__orchestrator_runs" ] || __orchestrator_tell end "$__orchestrator_code"' EXIT
        mapfile -t __orchestrator_lines <<<"$1"
        set --
        __orchestrator_at=0
        while [ "$__orchestrator_at" -lt "${#__orchestrator_lines[@]}" ]; do
            __orchestrator_text=${__orchestrator_lines[__orchestrator_at]}
            __orchestrator_from=$__orchestrator_at
            __orchestrator_at=$((__orchestrator_at + 1))
            [[ $__orchestrator_text =~ ^[[:space:]]*(#.*)?$ ]] && continue
            while ! __orchestrator_is_whole "$__orchestrator_text" &&
                [ "$__orchestrator_at" -lt "${#__orchestrator_lines[@]}" ]; do
                __orchestrator_text+=$'\n'${__orchestrator_lines[__orchestrator_at]}
                __orchestrator_at=$((__orchestrator_at + 1))
            done
            __orchestrator_tell begin "$__orchestrator_from" "$((__orchestrator_at - __orchestrator_from))"
            __orchestrator_runs=1
            eval "$__orchestrator_text" 3>&- 2>&1
            __orchestrator_code=$?
            __orchestrator_runs=
            __orchestrator_tell end "$__orchestrator_code"
            [ "$__orchestrator_code" = 0 ] || exit 0
        done
        __orchestrator_tell done
        """#
}
