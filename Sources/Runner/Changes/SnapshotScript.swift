/// Takes snapshots of a workspace and compares two, inside the sandbox: one POSIX shell script.
///
/// In a git repository, the whole work tree (what is ignored left out) is written as a tree into a store of our own, by an
/// index of our own: neither the repository's index nor its objects are touched. Elsewhere the same is done with a
/// repository of our own where git is there and the workspace is small; else sizes and times of change are listed.
/// The store lies in the user's cache directory inside the sandbox and goes with ``clear``.
enum SnapshotScript {
    /// The argument vector for the first snapshot.
    static func first(_ name: String, excluding paths: [String]) -> [String] {
        vector("first", name, "", "", paths)
    }

    /// The argument vector for the second one, compared with the first.
    static func second(_ name: String, since first: WorkspaceSnapshot, excluding paths: [String]) -> [String] {
        vector("second", name, first.kind, "\(first.tree) \(first.head)", paths)
    }

    /// The argument vector that removes the store.
    static func clear(_ name: String) -> [String] { vector("clear", name, "", "", []) }

    private static func vector(
        _ step: String,
        _ name: String,
        _ kind: String,
        _ before: String,
        _ paths: [String]
    ) -> [String] {
        ["sh", "-c", script, "sh", step, name, kind, before] + paths
    }

    /// Larger workspaces without a repository are listed, not stored.
    private static let storedKibibytes = 128 << 10

    private static let script = #"""
        step=$1 name=$2 kind=$3 before=$4
        shift 4
        LC_ALL=C
        export LC_ALL
        store=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/orchestrator/$name
        if [ "$step" = clear ]; then
            rm -rf -- "$store"
            rmdir -- "${store%/*}" 2>/dev/null
            exit 0
        fi
        mkdir -p -- "$store/objects" || exit 4
        here=$(pwd -P)
        real=$(cd "$store" && pwd -P)
        case $real in "$here"/*) set -- "$@" "${real#"$here"/}" ;; esac

        git() {
            command git -c safe.directory='*' -c core.fsmonitor=false -c core.hooksPath=/dev/null \
                -c core.looseCompression=0 -c core.autocrlf=false -c advice.addEmbeddedRepo=false "$@" 2>/dev/null
        }
        is_repository() {
            [ "$(git rev-parse --is-inside-work-tree)" = true ] && ! git check-ignore -q .
        }
        choose() {
            if ! command -v git >/dev/null; then
                kind=list
            elif is_repository; then
                kind=git
            elif [ "$(du -sk . 2>/dev/null | { read -r size rest; echo "${size:-999999999}"; })" -le LIMIT ]; then
                kind=snapshot
            else
                kind=list
            fi
        }
        use_store() {
            if [ "$kind" = git ]; then
                head=$(git rev-parse -q --verify HEAD)
                directory=$(git rev-parse --absolute-git-dir) || return 1
                objects=$(cd "$(git rev-parse --git-path objects)" && pwd -P) || return 1
                [ "$step" = second ] || cp -- "$directory/index" "$store/index" 2>/dev/null
                GIT_OBJECT_DIRECTORY=$store/objects GIT_ALTERNATE_OBJECT_DIRECTORIES=$objects
                export GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
            else
                GIT_DIR=$store/git GIT_WORK_TREE=$here
                export GIT_DIR GIT_WORK_TREE
                [ "$step" = second ] || git init -q || return 1
            fi
            GIT_INDEX_FILE=$store/index
            export GIT_INDEX_FILE
        }
        # Writes the work tree as a tree and sets tree to its name; what is to be excluded comes as arguments.
        write_tree() {
            count=$#
            while [ "$count" -gt 0 ]; do
                set -- "$@" ":(exclude,top,literal)$(git rev-parse --show-prefix)$1"
                shift
                count=$((count - 1))
            done
            force=
            [ "$kind" = git ] || force=-f
            # shellcheck disable=SC2086
            git add -A $force -- . "$@" && tree=$(git write-tree)
        }
        write_list() {
            [ "$#" -gt 0 ] || set -- .orchestrator-none
            set -- "$store/$step.list" "$@"
            list=$1
            shift
            prune=$(printf '%s\n' "$@")
            find . -name .git -prune -o \( -type f -o -type l \) -exec stat -c '%s|%z|%i|%n' {} + 2>/dev/null |
                while IFS= read -r line; do
                    path=${line#*|*|*|./}
                    for excluded in $prune; do
                        case $path in "$excluded" | "$excluded"/*) continue 2 ;; esac
                    done
                    printf '%s\n' "$line"
                done | sort >"$list"
            tree=$(cksum <"$list" | tr ' ' '-')
        }
        commits() {
            from=${before#* }
            if [ "$kind" = git ] && [ -n "$head" ] && [ "$head" != "$from" ]; then
                git rev-list --count "${from:+$from..}$head" || echo 0
            else
                echo 0
            fi
        }

        [ "$step" = second ] || choose
        head= tree=
        if [ "$kind" != list ] && ! { use_store && write_tree "$@"; }; then
            [ "$step" = first ] || exit 5
            unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
            kind=list
        fi
        if [ "$kind" = list ]; then
            write_list "$@"
        fi
        if [ "$step" = first ]; then
            printf '%s %s %s\n' "$kind" "$tree" "$head"
            exit 0
        fi
        if [ "$kind" = list ]; then
            [ "$(cksum <"$store/first.list" | tr ' ' '-')" = "${before%% *}" ] || exit 6
            echo 0
            awk -F'|' '
                { name = $0; sub(/^[^|]*\|[^|]*\|[^|]*\|\.\//, "", name) }
                NR == FNR { old[name] = $0; next }
                !(name in old) { print ":0 0 0 0 A"; print name; next }
                { if (old[name] != $0) { print ":0 0 0 0 M"; print name }; delete old[name] }
                END { for (name in old) { print ":0 0 0 0 D"; print name } }
            ' "$store/first.list" "$store/second.list" | tr '\n' '\0'
        else
            commits
            git diff-tree -r -z --no-renames --no-ext-diff --raw --numstat "${before%% *}" "$tree" || exit 7
        fi
        """#
        .replacing("LIMIT", with: String(storedKibibytes))
}
