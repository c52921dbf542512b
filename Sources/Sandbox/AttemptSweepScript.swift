extension AttemptSweep {
    /// Looks for the processes of an attempt and ends them: one POSIX shell script for every kind of sandbox.
    ///
    /// Arguments: the environment entry that marks them, the grace and the limit of all in hundredths of a second.
    /// It needs /proc, grep and sleep (and tr where grep knows no `-z`), neither ps nor pkill, and works under dash and
    /// busybox. It prints `found PID NAME`, `killed PID NAME` and `remaining PID NAME`, and `end` when it came to its end.
    ///
    /// To the attempt belong those that have the entry in their environment, their descendants, and whoever has been
    /// recognised as such in the look before, even if its parent has gone meanwhile. A process that forks anew and ends
    /// every few milliseconds can run away from the looks; only freezing all of them would catch that.
    ///
    /// `/proc/PID/status` is read and not `stat`, because there a process cannot forge lines by its name. Zombies have
    /// ended already.
    static let script = #"""
        marker=$1 grace=$2 limit=$3 self=$$
        LC_ALL=C
        export LC_ALL
        newline='
        '
        IFS=$newline

        grep -q '^PPid:' /proc/self/status || exit 3
        if printf 'a\0b\0' | grep -qzxF b 2>/dev/null; then
            marked() { grep -lszxF -e "$marker" /proc/[0-9]*/environ; }
        else
            marked() {
                for file in /proc/[0-9]*/environ; do
                    { tr '\0' '\n' <"$file" | grep -qxF -e "$marker"; } 2>/dev/null && echo "$file"
                done
            }
        fi

        now() {
            IFS=' ' read -r up rest </proc/uptime
            now=${up%.*}${up#*.}
        }

        # Sets pairs to "pid:parent" of all that live, and name_PID for each.
        read_table() {
            set +f
            table=$(grep -sE '^(Name|State|PPid):' /proc/[0-9]*/status)
            set -f
            pairs=
            for line in $table; do
                case $line in
                */status:Name:*) pid=${line#/proc/} pid=${pid%%/*} name=${line#*:Name:?} ;;
                */status:State:*) state=${line#*:State:?} ;;
                */status:PPid:*)
                    case $state in [ZX]*) continue ;; esac
                    pairs=$pairs$pid:${line#*:PPid:?}$newline
                    eval "name_$pid=\$name"
                    ;;
                esac
            done
        }

        # Sets live to the processes of the attempt, each with a space on both sides.
        look() {
            set +f
            files=$(marked)
            read_table
            seed=$live
            for file in $files; do
                pid=${file#/proc/}
                seed="$seed${pid%/*} "
            done
            live=' '
            grown=1
            while [ -n "$grown" ]; do
                grown=
                for pair in $pairs; do
                    pid=${pair%:*}
                    case "$live$self 1 " in *" $pid "*) continue ;; esac
                    case "$seed$live" in *" $pid "* | *" ${pair#*:} "*) live="$live$pid " grown=1 ;; esac
                done
            done
        }

        # Prints those of $2 that are not in $3 with the word $1, and sets fresh to them.
        tell() {
            fresh=
            IFS=' '
            for pid in $2; do
                case "$3" in *" $pid "*) continue ;; esac
                fresh="$fresh$pid "
                eval "name=\$name_$pid"
                printf '%s %s %s\n' "$1" "$pid" "$name"
            done
            IFS=$newline
        }

        send() {
            IFS=' '
            [ -z "$2" ] || kill -s "$1" $2 2>/dev/null
            IFS=$newline
        }

        live=' ' found=' ' killed=' '
        now
        start=$now
        quiet=0
        while [ $quiet -lt 2 ]; do
            look
            # One look can miss a child whose parent ends just then, so two in a row have to find nothing.
            if [ "$live" = ' ' ]; then
                quiet=$((quiet + 1))
                continue
            fi
            quiet=0
            tell found "$live" "$found"
            found="$found$fresh"
            send TERM "$fresh"
            now
            [ $((now - start)) -lt "$limit" ] || break
            if [ $((now - start)) -ge "$grace" ]; then
                tell killed "$live" "$killed"
                killed="$killed$fresh"
                send KILL "${live# }"
            fi
            sleep 0.02 2>/dev/null || sleep 1
        done
        tell remaining "$live" ' '
        echo end
        """#
}
