/// The parts that the sweep and the supervisor share: how an attempt's processes are found and ended, in POSIX shell.
///
/// They need /proc, grep and sleep (and tr where grep knows no `-z`), neither ps nor pkill, and work under dash and
/// busybox.
///
/// To the attempt belong those that bear its mark in their environment, the descendants of those and of its
/// supervisors, and whoever has been recognised as such in the look before, even if its parent has gone meanwhile.
/// Supervisors (with the shells, readers and sleeps that serve them) bear a mark of their own and are left alone: they
/// end by themselves. To forge that mark gains nothing: whoever bears it at the end of a sweep is killed.
///
/// A chain of processes each of which forks the next and ends within a millisecond is seen by no look. So the process
/// groups of all that were seen are killed as such at the end, which no chain outruns. One that has a group of its own can
/// run away; the supervisor notices that there is something (``Supervision/supervisor``).
///
/// `/proc/PID/status` is read and not `stat`, because there a process cannot forge lines by its name. Zombies have
/// ended already.
enum SweepFunctions {
    /// Functions alone; `begin` has to be called before any other, with `attempt` set.
    ///
    /// `sweep GRACE LIMIT` prints `found PID NAME`, `killed PID NAME` and `remaining PID NAME`; times are in hundredths
    /// of a second. It waits for supervisors to end if `awaits_supervisors` is set.
    static let text = #"""
        begin() {
            LC_ALL=C self=$$
            export LC_ALL
            newline='
        '
            IFS=$newline
            attempt_mark=ORCHESTRATOR_ATTEMPT_ID supervisor_mark=ORCHESTRATOR_SUPERVISES
            grep -q '^PPid:' /proc/self/status || return 3
            if printf 'a\0b\0' | grep -qzxF b 2>/dev/null; then
                bearers() { grep -lsz "$@" /proc/[0-9]*/environ; }
            else
                bearers() {
                    for file in /proc/[0-9]*/environ; do
                        { tr '\0' '\n' <"$file" | grep -q "$@"; } 2>/dev/null && echo "$file"
                    done
                }
            fi
        }

        # Sets pids to the processes that have an entry in their environment that grep finds by these arguments.
        find_bearers() {
            set +f
            pids=' '
            for file in $(bearers "$@"); do
                pid=${file#/proc/}
                pids="$pids${pid%/*} "
            done
            set -f
        }

        now() {
            IFS=' ' read -r up rest </proc/uptime
            now=${up%.*}${up#*.}
        }

        # Sets pairs to "pid:parent" of all that live, and for each name_PID, group_PID and inner_PID, which is its
        # number in its own namespace.
        read_table() {
            set +f
            table=$(grep -sE '^(Name|State|PPid|NSpid|NSpgid):' /proc/[0-9]*/status)
            set -f
            pairs=
            for line in $table; do
                case $line in
                */status:Name:*) pid=${line#/proc/} pid=${pid%%/*} name=${line#*:Name:?} group=0 ;;
                */status:State:*) state=${line#*:State:?} ;;
                */status:PPid:*)
                    case $state in [ZX]*) continue ;; esac
                    pairs=$pairs$pid:${line#*:PPid:?}$newline
                    eval "name_$pid=\$name group_$pid=0 inner_$pid=$pid"
                    ;;
                */status:NSpid:*) eval "inner_$pid=${line##*[!0-9]}" ;;
                */status:NSpgid:*) group=${line#*:NSpgid:?} && eval "group_$pid=${group%%[!0-9]*}" ;;
                esac
            done
        }

        # Adds to family all that descend from it or from $1; a number in $2 is left out, with what is only its own.
        grow() {
            grown=1
            while [ -n "$grown" ]; do
                grown=
                for pair in $pairs; do
                    pid=${pair%:*}
                    case "$family$2" in *" $pid "*) continue ;; esac
                    case "$family$1" in *" ${pair#*:} "*) family="$family$pid " grown=1 ;; esac
                done
            done
        }

        # Sets live to the processes of the attempt and supervisors to its supervisors, a space on both sides of each;
        # clan is live with those that ended meanwhile.
        look() {
            find_bearers -xF -e "$attempt_mark=$attempt"
            marked=$pids
            find_bearers -xF -e "$supervisor_mark=$attempt"
            # Who bears both marks has inherited one and forged the other.
            marks=' ' IFS=' '
            for pid in $pids; do
                case "$marked" in *" $pid "*) ;; *) marks="$marks$pid " ;; esac
            done
            IFS=$newline
            read_table
            family=' ' supervisors=' ' tools="$looker "
            for pair in $pairs; do
                pid=${pair%:*}
                case "$marks" in *" $pid "*) supervisors="$supervisors$pid " && continue ;; esac
                case " $self 1 " in *" $pid "*) continue ;; esac
                [ "${pair#*:}" != "$looker" ] || { tools="$tools$pid " && continue; }
                case "$marked" in *" $pid "*) family="$family$pid " && continue ;; esac
                case "$live" in *" $pid "*) family="$family$pid " ;; esac
            done
            grow "$supervisors" "$supervisors$tools$self 1 "
            live=$family
            verify
        }

        # Takes from live who is there no more and who serves a supervisor: those fork and end while others look.
        verify() {
            clan=$live doubtful=
            IFS=' '
            for pid in $live; do
                case "$marked$found" in *" $pid "*) ;; *) doubtful="$doubtful$pid " ;; esac
            done
            IFS=$newline
            [ -n "$doubtful" ] || return 0
            find_bearers -xF -e "$supervisor_mark=$attempt"
            family=$live live=' ' clan=' '
            IFS=' '
            for pid in $family; do
                case " $doubtful" in *" $pid "*) is_doubtful=1 ;; *) is_doubtful= ;; esac
                case "$is_doubtful$pids" in 1*" $pid "*) supervisors="$supervisors$pid " && continue ;; esac
                clan="$clan$pid "
                [ -n "$is_doubtful" ] && [ ! -d "/proc/$pid" ] || live="$live$pid "
            done
            IFS=$newline
        }

        # Prints those of $2 that are not in $3 with the word $1, and sets fresh to them.
        tell() {
            fresh=
            IFS=' '
            for pid in $2; do
                case "$3" in *" $pid "*) continue ;; esac
                fresh="$fresh$pid "
                eval "name=\$name_$pid number=$pid"
                [ -z "$tells_inner" ] || eval "number=\$inner_$pid"
                printf '%s %s %s\n' "$1" "$number" "$name"
            done
            IFS=$newline
        }

        send() {
            IFS=' '
            [ -z "$2" ] || kill -s "$1" $2 2>/dev/null
            IFS=$newline
        }

        # Adds the process groups of clan to groups.
        note_groups() {
            IFS=' '
            for pid in $clan; do
                eval "group=\$group_$pid"
                case " 0 1 $groups" in *" $group "*) ;; *) groups="$groups$group " ;; esac
            done
            IFS=$newline
        }

        # Kills all groups of which no member that can be seen is another's, whether or not one can be seen.
        kill_groups() {
            others=' '
            for pair in $pairs; do
                pid=${pair%:*}
                case "$clan" in *" $pid "*) continue ;; esac
                eval "others=\"\$others\$group_$pid \""
            done
            IFS=' '
            for group in $groups; do
                case "$others" in *" $group "*) ;; *) kill -s KILL -- "-$group" 2>/dev/null ;; esac
            done
            IFS=$newline
        }

        sweep() {
            live=' ' clan=' ' found=' ' killed=' ' groups=' ' quiet=0 waiting=
            # The shell that runs this, which may be a child of self, and whose children are the tools of the look.
            IFS=' ' read -r looker rest </proc/self/stat
            now
            start=$now
            # One look can miss a child whose parent ends just then, so two in a row have to find nothing.
            while [ $quiet -lt 2 ]; do
                look
                now
                force=$((now - start >= $1))
                if [ "$clan" = ' ' ] && [ -n "$awaits_supervisors" ] && [ "$supervisors" != ' ' ]; then
                    # They end a moment after the attempt; who does not is none, or hangs.
                    [ -n "$waiting" ] || waiting=$now
                    if [ $((now - waiting)) -ge 100 ]; then live=$supervisors clan=$supervisors force=1; fi
                elif [ "$clan" = ' ' ]; then
                    quiet=$((quiet + 1))
                    continue
                else
                    waiting=
                fi
                quiet=0
                note_groups
                tell found "$live" "$found"
                found="$found$fresh"
                send TERM "$fresh"
                [ $((now - start)) -lt "$2" ] || break
                if [ $force = 1 ] && [ "$clan" != ' ' ]; then
                    tell killed "$live" "$killed"
                    killed="$killed$fresh"
                    kill_groups
                    send KILL "${live# }"
                fi
                sleep 0.02 2>/dev/null || sleep 1
            done
            kill_groups
            tell remaining "$clan" ' '
        }

        """#
}
