#!/usr/bin/env python3
"""Prints the reports of the thread sanitizer in a log that are not known to be false; exits with 1 if there are any.

    tsan_reports.py LOG

False are those whose both accesses come from bodies of `Mutex.withLock`. When two threads want a `Mutex` of Swift at once,
on Linux the kernel hands it over (a futex with priority inheritance), which the sanitizer does not see. Such a body is told
by its type, `(inout sending Value) -> sending Result`, in the mangled name of a frame. A suppression would match one
access alone, and so hide the races of code with a lock and code without.
"""
import pathlib
import re
import sys

BODY_OF_LOCK = "zYuYTXEf"
ACCESS = re.compile(r"^  (?:Previous )?(?:modifying access|(?:atomic )?(?:read|write)) ", re.IGNORECASE | re.MULTILINE)


def is_false(report):
    accesses = [part for part in report.split("\n\n") if ACCESS.search(part)]
    return len(accesses) == 2 and all(BODY_OF_LOCK in access for access in accesses)


def main():
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace")
    reports = [part for part in text.split("=" * 18 + "\n") if "WARNING: ThreadSanitizer" in part]
    real = [report for report in reports if not is_false(report)]
    print(f"{len(reports)} reports of the thread sanitizer, {len(reports) - len(real)} of them of Mutex.withLock on both sides")
    for report in real:
        print(report)
    sys.exit(1 if real else 0)


if __name__ == "__main__":
    main()
