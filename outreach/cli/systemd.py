"""A systemd unit for this installation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from outreach.config import SETTINGS, Config
from outreach.words import NotDone, Sentence

PLACE = Path("/etc/systemd/system/outreach.service")


def unit(config: Config) -> str:
    user = os.environ.get("SUDO_USER") or os.environ.get("USER") or "root"
    command = Path(sys.executable).parent / "outreach"
    ours = {s.name for s in SETTINGS} - {"OUTREACH_HOME", "OUTREACH_LISTEN"}
    settings = "\n".join(
        f'Environment="{name}={quoted(value)}"' for name, value in sorted(os.environ.items()) if name in ours
    )
    return f"""[Unit]
Description=Outreach, the library's social-media scheduler
After=network-online.target
Wants=network-online.target

[Service]
User={user}
WorkingDirectory={config.home.parent}
Environment="OUTREACH_HOME={config.home}"
{settings}
ExecStart={command} up
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStopSec=60

[Install]
WantedBy=multi-user.target
"""


def quoted(value: str) -> str:
    """For a line of a unit: % begins a specifier there, and a quote ends the value."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def install_unit(config: Config) -> str:
    """Write it and start it. Raises NotDone without root or systemd."""
    if os.geteuid() != 0:
        raise NotDone(
            Sentence(
                "This needs root: sudo %(command)s service install", command=Path(sys.executable).parent / "outreach"
            )
        )
    if not Path("/run/systemd/system").exists():
        raise NotDone(
            Sentence(
                "This machine does not run systemd. Start `outreach up` in its own way of starting things at boot."
            )
        )
    PLACE.touch(mode=0o600)  # it may hold passwords
    PLACE.write_text(unit(config))
    subprocess.run(["systemctl", "daemon-reload"], check=True)
    subprocess.run(["systemctl", "enable", "--now", "outreach"], check=True)
    return "Outreach starts at boot from now on, and is started now. Its log: journalctl -u outreach -f"
