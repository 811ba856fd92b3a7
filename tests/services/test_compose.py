"""docker-compose.yml without a container engine: its shape, and every service's own command and health check run for real."""

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import redis as redis_client
import yaml

from portfolio.management.redis_server import find_redis
from portfolio.management.stopping import stop_all
from tests.services.conftest import database_url, wait_until
from tests.services.test_start import free_port

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def compose(project):
    return yaml.safe_load((project / "docker-compose.yml").read_text())


@pytest.fixture
def ports():
    return {"redis": free_port(), "web": free_port()}


def here(command, folder, ports):
    """Return a container's command as it runs on this machine: programs from the environment, ports that are free."""
    words = [word.replace("0.0.0.0:8000", f"127.0.0.1:{ports['web']}").replace("127.0.0.1:8000", f"127.0.0.1:{ports['web']}")
             .replace("/data", str(folder)).replace("/tmp/beat.pid", str(folder / "beat.pid")) for word in command]  # noqa: S108  # fmt: skip
    return [str(BIN / words[0]) if (BIN / words[0]).exists() else words[0], *words[1:]]


def is_healthy(service, folder, ports, environment):
    kind, *words = service["healthcheck"]["test"]
    words = here([word.replace("$$", "$") for word in words], folder, ports)
    command = words if kind == "CMD" else ["sh", "-c", words[0]]
    environment = {**environment, "PATH": f"{BIN}:{environment['PATH']}", "HOSTNAME": os.uname().nodename}
    return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60).returncode == 0


def test_every_service_that_serves_others_has_a_health_check_and_the_data_have_volumes(compose):
    services = compose["services"]

    assert set(services) == {"setup", "web", "worker", "beat", "redis", "postgres"}
    assert all("healthcheck" in service for name, service in services.items() if name != "setup")
    assert set(compose["volumes"]) == {"data", "redis", "postgres"}
    # a service with a name of its own cannot be scaled
    assert not any("container_name" in service for service in services.values())
    for service in services.values():
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] == ("service_completed_successfully" if other == "setup" else "service_healthy")


def test_nothing_secret_has_a_default(project):
    text = (project / "docker-compose.yml").read_text()

    assert set(re.findall(r"\$\{POSTGRES_PASSWORD(..)", text)) == {":?"}


def test_each_command_runs_and_each_health_check_sees_it(compose, ports, tmp_path, transactional_db, project):
    services = compose["services"]
    binary = str(find_redis(tmp_path).binary)
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url(),
        "REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/0",
    }

    def launch(name):
        command = here(services[name]["command"], tmp_path, ports)
        if name == "redis":
            command = [binary, *command[1:], "--port", str(ports["redis"]), "--dir", str(tmp_path), "--bind", "127.0.0.1"]
        with (tmp_path / f"{name}.log").open("wb") as log:
            return subprocess.Popen(command, cwd=project, env=environment, stdout=log, stderr=log)

    assert launch("setup").wait(120) == 0
    server = launch("redis")
    running = []
    try:
        wait_until(lambda: redis_answers(ports["redis"]), what="Redis answers")
        running = [launch(name) for name in ("web", "worker", "beat")]
        for name in ("web", "worker", "beat"):
            wait_until(lambda name=name: is_healthy(services[name], tmp_path, ports, environment), what=f"{name} is healthy")
        assert all(process.poll() is None for process in running)
        with urllib.request.urlopen(f"http://127.0.0.1:{ports['web']}/login/", timeout=10) as answer:
            assert answer.status == 200
    finally:
        stop_all(running, seconds=30)
        stop_all([server], seconds=10)


def redis_answers(port):
    try:
        with redis_client.Redis(port=port, socket_timeout=1, retry=None) as client:
            return client.ping()
    except redis_client.RedisError:
        return False
