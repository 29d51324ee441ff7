"""Whether a package that is installed to run this has a known vulnerability.

`python -m tests.audit PIP_AUDIT` runs pip-audit, kept in an environment of its own, over the lock.
It fails on a known vulnerability. Where no service answers, it says that nothing was audited: a
registry that knows of no vulnerabilities is not taken for one that knows there are none.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.licences import LOCK

SERVICES = ("pypi", "osv")
NO_SERVICE = "not audited: no service. No vulnerability service answers from here."
_OPTIONS = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")


def verdict(found: Sequence[dict[str, Any]]) -> tuple[int, str]:
    """Say what came of an audit, as an exit status and in words.

    Args:
        found: pip-audit's entries, one for each package.
    """
    asked = [each for each in found if "skip_reason" not in each]
    if not asked:
        return 0, NO_SERVICE
    known = [
        f"{each['name']} {each['version']}: {flaw['id']}, put right in "
        f"{', '.join(flaw['fix_versions']) or 'no version yet'}"
        for each in asked
        for flaw in each["vulns"]
    ]
    lines = [f"audited: {len(asked)} of {len(found)} packages, {len(known)} known vulnerabilities"]
    lines += known
    lines += [f"not audited: {each['name']}" for each in found if "skip_reason" in each]
    return int(bool(known)), "\n".join(lines)


def audited(program: str) -> tuple[int, str]:
    """Ask one service after the other, until one knows of our packages."""
    for service in SERVICES:
        ran = subprocess.run(
            [program, *_OPTIONS, "--vulnerability-service", service, "--requirement", str(LOCK)],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        try:
            found = json.loads(ran.stdout)["dependencies"]
        except (ValueError, KeyError):
            continue
        status, said = verdict(found)
        if said != NO_SERVICE:
            return status, said
    return 0, NO_SERVICE


if __name__ == "__main__":
    status, said = audited(sys.argv[1])
    print(said)
    sys.exit(status)
