# SPDX-License-Identifier: Apache-2.0
"""Interactive shells on a terminal of their own, to see what Tab does there."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading

SAFETY_NET_S = 60  # No test depends on it: it ends a shell that waits for more, as for a quote.
READY = "ready to be typed at: "

# The program is a function that answers to completion alone; otherwise it tells its words.
PROGRAM = """
stalemark() {
    if [[ $1 == complete ]]; then "$PROGRAM" "$@"; else printf '%s\\n' "$@" >accepted; fi
}
"""
PRINTED = 'source <("$PROGRAM" completion "$SHELL_NAME")\n'

BASH = f"""
unset HISTFILE
bind 'set completion-query-items 0'
bind 'set page-completions off'
bind 'set enable-bracketed-paste off'
observed() {{{{ _stalemark; printf '%s\\n' "${{{{COMPREPLY[@]}}}}" >offered; }}}}
{{completion}}
complete -F observed stalemark
PS1='{READY}'
"""

# compadd is what each completion ends in; with -O, -A or -D it is only asked what would fit.
ZSH = f"""
unset HISTFILE
LISTMAX=10000
[[ -z $SITE ]] || fpath=($SITE $fpath)
autoload -Uz compinit && compinit -D -u
{{completion}}
compadd() {{{{
    local -a fitting
    if [[ ${{{{@[1,(i)(-|--)]}}}} != *-(O|A|D)\\ * ]]; then
        builtin compadd -O fitting "$@"
        print -rl -- $fitting >>offered
    fi
    builtin compadd "$@"
}}}}
PS1='{READY}'
"""


class Shell:
    """Types a line into a fresh shell in `folder`, hits Tab, then Enter. The completion is what the
    program prints, or else the file that was installed."""

    def __init__(self, name, program, folder, installed=None):
        self.name, self.folder = name, folder
        self.environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(folder), "ZDOTDIR": str(folder), "TERM": "dumb",
            "PROGRAM": str(program), "SHELL_NAME": name,
        }  # fmt: skip
        completion = PROGRAM
        if installed is None:
            completion += PRINTED
        elif name == "bash":
            completion += f"source '{installed}'\n"
        else:
            self.environment["SITE"] = str(installed.parent)
        (folder / ".bashrc").write_text(BASH.format(completion=completion))
        (folder / ".zshrc").write_text(ZSH.format(completion=completion))

    def _type(self, line):
        for name in ("offered", "accepted"):
            (self.folder / name).unlink(missing_ok=True)
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 500, 200, 0, 0))
        words = ["bash", "--noprofile", "-i"] if self.name == "bash" else ["zsh", "-d", "-i"]
        shell = subprocess.Popen(
            words, stdin=its, stdout=its, stderr=its, cwd=self.folder, env=self.environment,
            start_new_session=True,
        )  # fmt: skip
        os.close(its)
        guard = threading.Timer(SAFETY_NET_S, shell.kill)
        guard.start()
        shown = _read(ours, READY)
        os.write(ours, f"{line}\t\nexit\n".encode())
        shown += _read(ours, None)
        shell.wait()
        guard.cancel()
        os.close(ours)
        return shown

    def offered(self, line):
        """What might be put in place of the last word."""
        self._type(line)
        kept = self.folder / "offered"
        return set(kept.read_text().splitlines()) - {""} if kept.exists() else set()

    def accepted(self, line):
        """The words of the line that came of it."""
        shown = self._type(line)
        assert (self.folder / "accepted").exists(), shown
        return (self.folder / "accepted").read_text().splitlines()


def _read(terminal, end):
    """What is shown up to `end`, or until the shell has gone."""
    shown = ""
    while end is None or end not in shown:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # EIO: nobody is left at the other side.
            break
        if not part:
            break
        shown += part.decode(errors="replace")
    return shown
