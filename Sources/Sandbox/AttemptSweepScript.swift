extension AttemptSweep {
    /// Looks for the processes of an attempt and ends them: one POSIX shell script for every kind of sandbox.
    ///
    /// Arguments: the attempt; the grace and the limit of all in hundredths of a second; the directories in which a
    /// supervisor may have left its report, and the report's name; how long ago the attempt began in hundredths of a
    /// second, or nothing; and where strangers are looked for: `container`, a workspace's path, or nothing.
    ///
    /// It prints what ``SweepFunctions`` tells, what the supervisors of the attempt have reported, `unattributed PID NAME`
    /// for the strangers, and `end` when it came to its end.
    ///
    /// Strangers are processes that began after the attempt (half a second before it counts as well, for the clock is read
    /// with a delay), bear no mark of any attempt and descend from nobody who does. Left out are, in a container, what its
    /// init has started as the container's own program, and what this program itself runs there; and on the machine, who
    /// belongs to another user, does not work in the workspace, or has called this script.
    static let script =
        SweepFunctions.text + #"""
            attempt=$1 grace=$2 limit=$3 report_places=$4 report_name=$5 age=$6 view=$7
            [ "$view" = namespace ] && tells_inner=1 || tells_inner=
            awaits_supervisors=1
            begin || exit

            report() {
                for place in $report_places; do
                    file=$place/$report_name
                    [ -f "$file" ] && [ ! -L "$file" ] && [ -O "$file" ] || continue
                    count=0
                    while [ $count -lt 2000 ] && IFS= read -r line; do
                        count=$((count + 1))
                        case $line in 'found '* | 'killed '* | unseen) printf '%s\n' "$line" ;; esac
                    done <"$file"
                    rm -f -- "$file"
                done
            }

            # Sets began to when process $1 began, in hundredths of a second after the boot.
            read_beginning() {
                stat=
                while IFS= read -r line; do stat="$stat $line"; done 2>/dev/null <"/proc/$1/stat"
                began=
                # The name may hold anything, but after its last parenthesis there are only numbers.
                IFS=' '
                set -- ${stat##*)}
                IFS=$newline
                [ $# -lt 20 ] || { shift 19 && began=$1; }
            }

            # Adds this script and those that have called it to family.
            add_callers() {
                caller=$self
                while [ -n "$caller" ] && [ "$caller" -gt 1 ]; do
                    family="$family$caller "
                    next=
                    for pair in $pairs; do [ "${pair%:*}" != "$caller" ] || next=${pair#*:}; done
                    caller=$next
                done
            }

            # Adds the program of the container to family: the first that its init has started.
            add_main() {
                case ${name_1-} in docker-init | tini | catatonit | dumb-init) ;; *) return ;; esac
                main= first=
                for pair in $pairs; do
                    [ "${pair#*:}" = 1 ] && read_beginning "${pair%:*}" && [ -n "$began" ] || continue
                    if [ -z "$first" ] || [ "$began" -lt "$first" ]; then main=${pair%:*} first=$began; fi
                done
                [ -z "$main" ] || family="$family$main "
            }

            # Adds what orchestrator runs in the container by `docker exec`: such processes have no parent here.
            add_tools() {
                find_bearers -xF -e ORCHESTRATOR_SANDBOX_TOOL=1
                for pair in $pairs; do
                    [ "${pair#*:}" = 0 ] || continue
                    case "$pids" in *" ${pair%:*} "*) family="$family${pair%:*} " ;; esac
                done
            }

            is_at_work() {
                [ -O "/proc/$1" ] || return 1
                place=$(readlink "/proc/$1/cwd" 2>/dev/null)
                case $place/ in "${workspace%/}"/*) ;; *) return 1 ;; esac
            }

            strangers() {
                if [ "$view" != container ]; then
                    workspace=$(cd -P -- "$view" 2>/dev/null && pwd -P) || return 0
                fi
                now
                threshold=$((now - age - 50))
                find_bearers -e "^$attempt_mark=" -e "^$supervisor_mark="
                marked=$pids
                read_table
                family=$marked
                [ "$view" != container ] || add_tools
                add_callers
                [ "$view" != container ] || add_main
                grow ' ' ' 1 '
                for pair in $pairs; do
                    pid=${pair%:*}
                    case "$family$found 1 " in *" $pid "*) continue ;; esac
                    read_beginning "$pid"
                    [ -n "$began" ] && [ "$began" -gt "$threshold" ] || continue
                    [ "$view" = container ] || is_at_work "$pid" || continue
                    eval "name=\$name_$pid"
                    printf 'unattributed %s %s\n' "$pid" "$name"
                done
            }

            sweep "$grace" "$limit"
            report
            case $age:$view in :* | *: | *:namespace) ;; *) strangers ;; esac
            echo end
            """#
}
