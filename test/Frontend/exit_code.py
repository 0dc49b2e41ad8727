"""exit_code.py CODE COMMAND...: succeeds when the command ends with that code.

What the command prints on stderr appears on stdout, where FileCheck reads it.
"""

import subprocess
import sys

code = subprocess.run(sys.argv[2:], stderr=subprocess.STDOUT).returncode
if code != int(sys.argv[1]):
    sys.exit(f"exit code {code}, expected {sys.argv[1]}")
