"""Try JupyterHub on one machine; deploy/README.md says how.

Not for real users. Everybody's server runs as the same user of this machine, the limits of memory
and processor are not enforced, and whoever knows a group's password comes in under any name.
"""

# ruff: noqa: F821

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOMES = Path(tempfile.mkdtemp(prefix="retention-hub-"))
atexit.register(shutil.rmtree, HOMES, ignore_errors=True)

load_subconfig("jupyterhub_config.py", str(HERE))

passwords = {
    group: os.environ.get(f"RETENTION_{group.upper()}") or secrets.token_urlsafe(12)
    for group in ("councillors", "analysts")
}
for group, password in passwords.items():
    print(f"Sign in with any name. The password of {group}: {password}", flush=True)

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.password_groups = {
    password: [group] for group, password in passwords.items()
}
c.SharedPasswordAuthenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(HOMES / "{username}")
c.Spawner.environment = {
    # The Python that runs the hub is the one that has the library.
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    "RETENTION_WORKBOOKS": str(HERE.parent / "workbooks"),
}

if hasattr(os, "geteuid") and os.geteuid() == 0:
    # In a container of its own, say.
    c.Spawner.group_overrides["2-analysts"]["spawner_override"]["args"].append("--allow-root")

c.JupyterHub.ip = "127.0.0.1"
# Nothing is kept: not who signed in, nor what they had open.
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret = secrets.token_bytes(32)
c.ConfigurableHTTPProxy.pid_file = str(HOMES / "proxy.pid")
