#!/usr/bin/env python3
"""Runs a command at a terminal of its own, as a person would (Python's standard library only).

    terminal.py [--type TEXT LINE]... -- COMMAND [ARGUMENT]...

What the command prints goes to standard output. When it has printed TEXT, LINE is typed, with the return key; each --type
waits for its turn. SIGUSR1 closes the terminal, as closing its window does. Exits as the command does.
"""
import argparse
import os
import pty
import select
import signal
import sys


class Terminal:
    def __init__(self, command):
        self.is_closing = False
        signal.signal(signal.SIGUSR1, self.close)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        self.process, self.master = pty.fork()
        if self.process == 0:
            # Test runners may ignore signals, which children inherit; a user's shell does not.
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGPIPE, signal.SIGUSR1):
                signal.signal(number, signal.SIG_DFL)
            os.execvp(command[0], command)

    def close(self, *_):
        self.is_closing = True

    def read(self):
        """What has been printed, or nothing at the end."""
        while not self.is_closing:
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    return os.read(self.master, 65536)
                except OSError:
                    return b""
        return b""

    def run(self, lines):
        seen = b""
        while data := self.read():
            sys.stdout.buffer.write(data.replace(b"\r\n", b"\n"))
            sys.stdout.buffer.flush()
            seen += data
            while lines and lines[0][0].encode() in seen:
                os.write(self.master, lines[0][1].encode() + b"\r")
                seen = seen.split(lines.pop(0)[0].encode(), 1)[1]
        os.close(self.master)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--type", nargs=2, action="append", default=[], metavar=("TEXT", "LINE"))
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    code = Terminal(options.command).run(options.type)
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
