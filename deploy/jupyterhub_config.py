"""Who gets what on JupyterHub, here and on Kubernetes.

Loaded by deploy/local.py on one machine, and by the hub of Zero to JupyterHub, where it comes
after deploy/zero-to-jupyterhub.yaml and so prevails; both give it `c`. Two groups:

- councillors get the apps alone: no notebook, no terminal, no way to run code;
- analysts get JupyterLab, which is code execution, on a copy of the same workbooks.

The groups come from whatever people sign in with; who is in neither may not come in.
"""

# ruff: noqa: F821

import sys

HOUR = 3600

APPS = ["python", "-m", "retention_lib.views.serving.hub"]
# The workbooks themselves may not be writable, and are everybody's.
LAB = [
    "sh",
    "-c",
    'test -e "$HOME/workbooks" || cp -R "$RETENTION_WORKBOOKS" "$HOME/workbooks"; '
    'exec jupyterhub-singleuser "$@"',
    "jupyterhub-singleuser",
]
# It would ask elsewhere for extensions and for news.
LAB_OPTIONS = [
    "--LabApp.extension_manager=readonly",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=None",
]

# --- Who may come in -----------------------------------------------------------------------------

c.Authenticator.manage_groups = True
c.Authenticator.allow_all = False
c.Authenticator.allow_existing_users = False
c.Authenticator.admin_users = set()
# A name is part of addresses and of folders.
c.Authenticator.username_pattern = r"^\w[\w.@-]*$"
c.JupyterHub.admin_access = False
# Half a day: who loses a group, or leaves, keeps what they had until then at most.
c.JupyterHub.cookie_max_age_days = 0.5
c.JupyterHub.shutdown_on_logout = True

# --- What their servers are ----------------------------------------------------------------------

# Without a group of the two below: the least.
c.Spawner.cmd = APPS
c.Spawner.args = []
c.Spawner.default_url = ""
# Each sets what the other sets: what is left out would stay from the last time.
c.Spawner.group_overrides = {
    "1-councillors": {
        "groups": ["councillors"],
        "spawner_override": {
            "cmd": APPS,
            "args": [],
            "notebook_dir": "",
            "mem_guarantee": "256M",
            "mem_limit": "1536M",
            "cpu_guarantee": 0.1,
            "cpu_limit": 1.0,
        },
    },
    # Comes second, so it prevails for who is in both.
    "2-analysts": {
        "groups": ["analysts"],
        "spawner_override": {
            "cmd": LAB,
            "args": LAB_OPTIONS,
            "notebook_dir": "~/workbooks",
            "mem_guarantee": "512M",
            "mem_limit": "4G",
            "cpu_guarantee": 0.2,
            "cpu_limit": 2.0,
        },
    },
}
c.Spawner.disable_user_config = True
c.Spawner.http_timeout = 60
c.Spawner.start_timeout = 300
c.JupyterHub.allow_named_servers = False
c.JupyterHub.concurrent_spawn_limit = 10
# One for each person who may be signed in at once; the next is asked to try later.
c.JupyterHub.active_server_limit = 100

# --- What they may ask of the hub ----------------------------------------------------------------

# Their own server, and nothing else: no tokens, so no way in that outlives the cookie, no sharing.
c.JupyterHub.load_roles.extend(
    [
        {
            "name": "user",
            "description": "Start, stop and use one's own server",
            "scopes": ["read:users!user", "servers!user", "access:servers!user"],
        },
        {
            "name": "cull-idle",
            "description": "End servers that nobody uses",
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
            "services": ["cull-idle"],
        },
    ]
)
c.JupyterHub.services.append(
    {
        "name": "cull-idle",
        "command": [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            f"--timeout={HOUR}",
            f"--max-age={12 * HOUR}",
            "--cull-every=300",
        ],
    }
)
