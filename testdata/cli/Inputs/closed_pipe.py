"""Runs a program whose output nobody reads and to which SIGPIPE is ignored; it must end quietly."""

import signal
import subprocess
import sys

signal.signal(signal.SIGPIPE, signal.SIG_IGN)
process = subprocess.Popen(
    sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, restore_signals=False
)
process.stdout.close()
errors = process.stderr.read()
status = process.wait()
if status != 0 or errors:
    sys.exit(f"status {status}, standard error {errors!r}")
