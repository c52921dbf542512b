extension Supervision {
    /// What the shell in the sandbox runs first: it makes itself, or somebody above it, the one who inherits orphans.
    ///
    /// `$1` is ``supervisor``, the rest its arguments. Only with a subreaper do processes that have been daemonised with a
    /// cleared environment stay descendants of the supervisor.
    static let entry = #"""
        _os_text=$1
        shift
        for _os_reaper in /sbin/docker-init /usr/bin/docker-init /usr/bin/tini /sbin/tini /usr/local/bin/tini; do
            [ ! -x "$_os_reaper" ] || exec "$_os_reaper" -s -- /bin/sh -c "$_os_text" sh parent "$@"
        done
        for _os_reaper in /usr/bin/perl /usr/local/bin/perl; do
            [ ! -x "$_os_reaper" ] || exec "$_os_reaper" -e '
                use POSIX ();
                my $machine = (POSIX::uname())[4];
                my $prctl = { x86_64 => 157, aarch64 => 167, riscv64 => 167 }->{$machine};
                my $is_set = defined $prctl && syscall($prctl, 36, 1, 0, 0, 0) == 0;
                exec "/bin/sh", "-c", shift @ARGV, "sh", $is_set ? "self" : "none", @ARGV;
            ' "$_os_text" "$@"
        done
        for _os_reaper in /usr/bin/python3 /usr/local/bin/python3; do
            [ ! -x "$_os_reaper" ] || exec "$_os_reaper" -ISc '
        from os import execv
        from signal import SIG_DFL, SIGPIPE, SIGXFSZ, signal
        from sys import argv
        word = "none"
        try:
            from ctypes import CDLL
            if CDLL(None).prctl(36, 1, 0, 0, 0) == 0:
                word = "self"
        except Exception:
            pass
        signal(SIGPIPE, SIG_DFL)
        signal(SIGXFSZ, SIG_DFL)
        execv("/bin/sh", ["/bin/sh", "-c", argv[1], "sh", word] + argv[2:])
        ' "$_os_text" "$@"
        done
        exec /bin/sh -c "$_os_text" sh none "$@"
        """#

    /// Runs a command, and ends all that it has started when it has ended or when standard input, the lifeline, does.
    ///
    /// Arguments: who inherits orphans (`parent`, `self` or `none`), the directories for the report, the
    /// report's name, and the command. Standard input: a line with a key and a number, that many bytes for the command,
    /// and then nothing, for as long as the command is wanted.
    ///
    /// The command runs in the foreground, because a shell lets background commands ignore SIGINT, and in a session of its
    /// own, so that `kill 0` in it reaches nobody else. Its input becomes a file that has no name any more before the first
    /// byte is in it. The last line on standard error is the key with the code that the command ended with, or with why it
    /// was not started: `missing` or `nowhere` (no directory for the input). The key is not in the environment and not in
    /// the arguments, so the command does not know it.
    ///
    /// Variables have names of their own until the command has been started, because the shell hands on those that came with
    /// the environment. A shell cannot hand on those whose name it could not have itself (dots, hyphens).
    static let supervisor =
        SweepFunctions.text + #"""
            _os_reaper=$1 _os_reports=$2 _os_report=$3
            shift 3
            _os_attempt=$ORCHESTRATOR_SUPERVISES _os_path=$PATH
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            exec 3<&0 5>&2 </dev/null 2>/dev/null
            set -f

            _os_end() {
                printf '%s %s\n' "$_os_key" "$1" >&5
                exit "$2"
            }

            # Whether $1 is an executable file, by its path or on the command's PATH.
            _os_is_there() {
                case $1 in */*)
                    [ -f "$1" ] && [ -x "$1" ]
                    return
                    ;;
                esac
                _os_rest=$_os_path:
                while [ -n "$_os_rest" ]; do
                    _os_place=${_os_rest%%:*} _os_rest=${_os_rest#*:}
                    [ -f "${_os_place:-.}/$1" ] && [ -x "${_os_place:-.}/$1" ] && return
                done
                return 1
            }

            # Puts $1 bytes of input into a file, which descriptor 4 is then the only way to.
            _os_take_input() {
                for _os_place in /dev/shm /tmp /var/tmp; do
                    _os_file=$_os_place/.orchestrator-input-$$
                    (umask 077 && set -C && : >"$_os_file") && break
                    _os_file=
                done
                [ -n "$_os_file" ] || _os_end nowhere 125
                exec 6>"$_os_file" 4<"$_os_file"
                rm -f -- "$_os_file"
                head -c "$1" <&3 >&6
                [ "$(wc -c <"/proc/$$/fd/6")" -eq "$1" ] || exit 125
                exec 6>&-
            }

            # Whether the kernel names no child but our own, so that there is nothing to look for.
            is_alone() {
                case $_os_reaper in
                parent)
                    children=
                    IFS= read -r children <"/proc/$PPID/task/$PPID/children"
                    [ "$children" = "$$ " ] || return 1
                    ;;
                self) ;;
                *) return 1 ;;
                esac
                [ -r "/proc/$$/task/$$/children" ] || return 1
                children=
                IFS= read -r children <"/proc/$$/task/$$/children"
                [ -z "$children" ]
            }

            # Ends what is left of the attempt, and leaves word of it for the next sweep.
            clear_up() {
                attempt=$_os_attempt awaits_supervisors= tells_inner=
                begin || return
                list=$(sweep "$1" "$2")
                case $list in *found*) leave_word "$list" ;; esac
            }

            leave_word() {
                for place in $_os_reports; do
                    (umask 077 && printf '%s\n' "$1" >>"$place/$_os_report") && return
                done
            }

            # Ends what the command has left behind. What has been seen by no sweep, but is there, is told as such.
            clear_up_after() {
                is_alone && return
                clear_up 100 400
                [ "$_os_reaper" != none ] || return
                for try in 1 2 3; do
                    is_alone && return
                    clear_up 0 100
                done
                is_alone || leave_word unseen
            }

            IFS=' ' read -r _os_key _os_length <&3 || exit 125
            _os_is_there "$1" || _os_end missing 127
            if [ "$_os_length" -gt 0 ]; then _os_take_input "$_os_length"; else exec 4</dev/null; fi

            (
                exec >/dev/null 4<&- 5>&-
                while IFS= read -r _os_line <&3; do :; done
                trap '' TERM HUP INT
                exec 3<&-
                clear_up 500 900
            ) &
            _os_watcher=$!
            exec 3<&-
            trap : TERM HUP INT

            _os_session=
            for _os_file in /usr/bin/setsid /bin/setsid; do
                [ ! -x "$_os_file" ] || _os_session=$_os_file
            done
            (
                unset ORCHESTRATOR_SUPERVISES
                ORCHESTRATOR_ATTEMPT_ID=$_os_attempt PATH=$_os_path
                export ORCHESTRATOR_ATTEMPT_ID
                if [ -n "$_os_session" ]; then exec "$_os_session" -- "$@"; else exec "$@"; fi
            ) <&4 2>&5 4<&- 5>&-
            code=$?

            # While it sweeps, it does not heed this.
            kill -s TERM "$_os_watcher"
            wait "$_os_watcher"
            clear_up_after
            _os_end "$code" "$code"
            """#
}
