"""What the files in deploy/ promise, read without running any of it."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from traitlets.config.loader import Config, LazyConfigValue, PyFileConfigLoader

from retention_lib.paths import ROOT
from retention_lib.version import VERSION

yaml: Any = pytest.importorskip("yaml")

DEPLOY = ROOT / "deploy"
APPS = ["python", "-m", "retention_lib.views.serving.hub"]
NAME = "WORKBOOKS.YOUR-COUNCIL.GOV.UK"


def loaded(name: str) -> Config:
    """Read a configuration as JupyterHub does."""
    read: Config = PyFileConfigLoader(name, str(DEPLOY)).load_config()
    return read


def listed(value: Any) -> list[Any]:
    """Give what a configuration adds to a list."""
    return list(value.get_value([])) if isinstance(value, LazyConfigValue) else list(value)


@pytest.fixture(params=["jupyterhub_config.py", "local.py"])
def config(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Each configuration of the hub."""
    monkeypatch.setenv("RETENTION_COUNCILLORS", "one password")
    monkeypatch.setenv("RETENTION_ANALYSTS", "another password")
    return loaded(str(request.param))


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    """The values for the chart."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "zero-to-jupyterhub.yaml").read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def containerfile() -> str:
    """The recipe of the image."""
    return (DEPLOY / "Containerfile").read_text(encoding="utf-8")


# --- The hub -----------------------------------------------------------------------------------


def test_without_a_group_of_ours_there_are_the_apps_alone(config: Config) -> None:
    assert config.Spawner.cmd == APPS


def test_each_group_has_a_server_and_limits_of_its_own(config: Config) -> None:
    overrides = config.Spawner.group_overrides
    councillors, analysts = (overrides[key] for key in sorted(overrides))
    assert councillors["groups"] == ["councillors"]
    assert analysts["groups"] == ["analysts"]
    ours, theirs = councillors["spawner_override"], analysts["spawner_override"]
    assert ours["cmd"] == APPS
    assert "jupyterhub-singleuser" in theirs["cmd"][2]
    # What one group leaves out would stay as it was when a person changes groups.
    assert set(ours) == set(theirs)
    assert {"mem_limit", "cpu_limit", "mem_guarantee", "cpu_guarantee"} < set(ours)


def test_nobody_may_do_more_than_use_their_own_server(config: Config) -> None:
    roles = {role["name"]: role for role in listed(config.JupyterHub.load_roles)}
    assert roles["user"]["scopes"] == ["read:users!user", "servers!user", "access:servers!user"]
    assert "admin" not in roles
    assert config.JupyterHub.admin_access is False
    assert config.Authenticator.admin_users == set()
    assert config.Authenticator.allow_all is False
    assert config.Authenticator.manage_groups is True
    assert config.JupyterHub.allow_named_servers is False


def test_sign_in_and_servers_end(config: Config) -> None:
    assert config.JupyterHub.cookie_max_age_days <= 1
    assert config.JupyterHub.shutdown_on_logout is True
    (service,) = listed(config.JupyterHub.services)
    assert service["name"] == "cull-idle"
    assert "--timeout=3600" in service["command"]


def test_names_are_fit_for_addresses_and_folders(config: Config) -> None:
    pattern = config.Authenticator.username_pattern
    for name in ("ann", "2b0c-4e1d", "ann.other@example.org"):
        assert re.match(pattern, name)
    for name in ("../etc", "a/b", ".ssh", "", "a b"):
        assert not re.match(pattern, name)


def test_trial_is_for_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RETENTION_COUNCILLORS", raising=False)
    config = loaded("local.py")
    assert config.JupyterHub.ip == "127.0.0.1"
    passwords = list(config.SharedPasswordAuthenticator.password_groups)
    assert len(set(passwords)) == 2
    assert set(passwords).isdisjoint(loaded("local.py").SharedPasswordAuthenticator.password_groups)


# --- Kubernetes --------------------------------------------------------------------------------


def test_chart_starts_what_the_configuration_starts(values: dict[str, Any]) -> None:
    assert values["singleuser"]["cmd"] == APPS
    apps = loaded("jupyterhub_config.py").Spawner.group_overrides["1-councillors"]
    single, limits = values["singleuser"], apps["spawner_override"]
    assert single["memory"] == {"guarantee": limits["mem_guarantee"], "limit": limits["mem_limit"]}
    assert single["cpu"] == {"guarantee": limits["cpu_guarantee"], "limit": limits["cpu_limit"]}
    assert values["cull"]["enabled"] is False
    path = values["hub"]["extraFiles"]["retention"]["mountPath"]
    assert path.startswith("/usr/local/etc/jupyterhub/jupyterhub_config.d/")


def test_only_the_two_groups_may_come_in(values: dict[str, Any]) -> None:
    sign_in = values["hub"]["config"]["AzureAdOAuthenticator"]
    groups = loaded("jupyterhub_config.py").Spawner.group_overrides.values()
    assert sorted(sign_in["allowed_groups"]) == sorted(one["groups"][0] for one in groups)
    assert sign_in["manage_groups"] is True
    assert sign_in["oauth_callback_url"].startswith("https://")
    assert "client_secret" not in sign_in


def test_sign_in_takes_the_settings_that_we_give_it(values: dict[str, Any]) -> None:
    entra: Any = pytest.importorskip("oauthenticator.azuread")
    given = values["hub"]["config"]["AzureAdOAuthenticator"]
    assert set(given) <= set(entra.AzureAdOAuthenticator.class_traits(config=True))


def test_nothing_leaves_a_persons_server(values: dict[str, Any]) -> None:
    policy = values["singleuser"]["networkPolicy"]
    assert policy["enabled"] is True
    assert policy["egress"] == []
    allowed = {rule for rule, may in policy["egressAllowRules"].items() if may}
    assert allowed == {"dnsPortsKubeSystemNamespace", "dnsPortsPrivateIPs"}


def test_no_server_has_rights_of_the_machine(values: dict[str, Any]) -> None:
    context = values["hub"]["config"]["KubeSpawner"]["container_security_context"]
    assert context["allowPrivilegeEscalation"] is False
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert context["readOnlyRootFilesystem"] is True
    assert context["runAsNonRoot"] is True
    single = values["singleuser"]
    assert single["allowPrivilegeEscalation"] is False
    assert single["cloudMetadata"]["blockWithIptables"] is False
    writable = [one["mountPath"] for one in single["storage"]["extraVolumeMounts"]]
    assert writable == ["/tmp", "/home/retention"]


def test_connections_are_secret(values: dict[str, Any]) -> None:
    https = values["proxy"]["https"]
    assert https["enabled"] is True
    assert https["hosts"] == [NAME]


# --- The image ---------------------------------------------------------------------------------


def test_image_is_what_the_lock_says_and_not_root(containerfile: str) -> None:
    assert "--require-hashes --only-binary=:all:" in containerfile
    assert re.findall(r"(?m)^USER (\S+)$", containerfile) == ["1000"]
    assert ":latest" not in containerfile
    assert containerfile.count("uninstall --yes pip") == 2
    assert "HEALTHCHECK" in containerfile
    assert "/health" in containerfile


def test_image_is_made_of_files_that_there_are(containerfile: str) -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    copied = re.findall(r"(?m)^COPY (?!--)(.+) \S+$", containerfile)
    files = [one for line in copied for one in line.split()]
    assert {"data", "retention_lib", "workbooks"} < set(files)
    for file in files:
        assert (ROOT / file).exists(), file
        assert f"!{file}\n" in ignored, file


def test_image_has_the_versions_of_the_project(values: dict[str, Any]) -> None:
    assert values["singleuser"]["image"]["tag"] == VERSION
    core, hub = (pins(f"requirements{part}.lock") for part in ("", "-hub"))
    assert core.items() <= hub.items()
    # The chart's hub: another first number may leave people in a loop when they sign in.
    assert hub["jupyterhub"].split(".")[:2] == ["5", "5"]


def pins(lock: str) -> dict[str, str]:
    """Read which version of what a lock holds."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^ ;\\]+)", text))


# --- One machine -------------------------------------------------------------------------------


def unit() -> configparser.SectionProxy:
    """The service, as far as what is named once."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment]  # as its documentation does
    parser.read(DEPLOY / "retention.service", encoding="utf-8")
    return parser["Service"]


def test_service_can_write_nowhere_and_use_so_much_memory(tmp_path: Path) -> None:
    service = unit()
    for name in ("DynamicUser", "NoNewPrivileges", "PrivateTmp", "ProtectHome"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["MemoryMax"]
    analyze = shutil.which("systemd-analyze")
    if analyze:
        copy = tmp_path / "retention.service"
        text = (DEPLOY / copy.name).read_text(encoding="utf-8")
        copy.write_text(text.replace("/opt/retention/bin/retention", sys.executable), "utf-8")
        done = subprocess.run([analyze, "verify", copy], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_service_starts_the_server_with_options_that_it_has() -> None:
    from retention_lib.cli import _parser

    options = unit()["ExecStart"].split()[1:]
    read = _parser().parse_args(options)
    assert (read.port, read.behind_proxy, read.allow_host) == (8866, True, [NAME])


def test_nginx_passes_on_what_pages_need(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for wanted in (
        "proxy_set_header Upgrade $http_upgrade;",
        # With its port: pages tell by it that a request is theirs.
        "proxy_set_header Host $http_host;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "proxy_pass http://127.0.0.1:8866;",
        "proxy_buffering off;",
    ):
        assert wanted in text
    assert "$request_uri $status" not in text
    assert "$remote_user" not in text
    nginx = shutil.which("nginx")
    openssl = shutil.which("openssl")
    if not nginx or not openssl:
        return
    key = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    files = ["-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run([openssl, *key, *files], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "people").touch()
    text = text.replace("/etc/nginx/retention", str(tmp_path)).replace(
        "/var/log/nginx", str(tmp_path)
    )
    (tmp_path / "site.conf").write_text(text, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/site.conf; }}", "utf-8"
    )
    done = subprocess.run(
        [nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_documents_name_the_versions_that_are_used() -> None:
    readme = (DEPLOY / "README.md").read_text(encoding="utf-8")
    chart = (DEPLOY / "zero-to-jupyterhub.yaml").read_text(encoding="utf-8")
    versions = re.findall(r"--version (\S+)", readme + chart)
    assert len(versions) == 2
    assert len(set(versions)) == 1
