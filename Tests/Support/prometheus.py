"""Debian's Prometheus, as checks use it: started on loopback with the configuration of deploy/, and asked over its API."""

import json
import pathlib
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import yaml

import dashboards
from orchestrator_runs import Failed, eventually


class Prometheus:
    """Debian's Prometheus with the configuration of deploy/, but for the interval and whom it scrapes; use it as a context."""

    def __init__(self, binary, directory, target=None):
        self.binary, self.directory = binary, pathlib.Path(directory)
        self.directory.mkdir()
        self.log = (self.directory / "log").open("w+")
        configuration = yaml.safe_load((dashboards.DIRECTORY / "prometheus.yml").read_text())
        configuration["global"] = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
        configuration["rule_files"] = [str(dashboards.DIRECTORY / name) for name in configuration["rule_files"]]
        if target is None:
            configuration["scrape_configs"] = []
        else:
            configuration["scrape_configs"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{target}"]
        (self.directory / "prometheus.yml").write_text(yaml.safe_dump(configuration))

    def __enter__(self):
        command = yaml.safe_load((dashboards.DIRECTORY / "docker-compose.yml").read_text())["services"]["prometheus"]["command"]
        features = [option for option in command if option.startswith("--enable-feature=")]
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.process = subprocess.Popen(
            [
                self.binary, f"--config.file={self.directory}/prometheus.yml", f"--storage.tsdb.path={self.directory}/data",
                f"--web.listen-address={self.url.removeprefix('http://')}", "--log.level=warn", *features,
            ],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        try:
            eventually("Prometheus to be ready", self.is_ready, within=60)
        except Failed:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()

    def is_ready(self):
        if self.process.poll() is not None:
            self.log.seek(0)
            raise Failed("Prometheus ended:\n" + self.log.read())
        try:
            with urllib.request.urlopen(self.url + "/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def get(self, path, **parameters):
        """The data of an answer of its API; raises Failed with its words."""
        try:
            url = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters, doseq=True)}"
            with urllib.request.urlopen(url, timeout=60) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise Failed(json.loads(error.read()).get("error", str(error))) from None

    def ask(self, query, at):
        """The value of each series of an instant query, as (labels, value)."""
        data = self.get("query", query=query, time=at)
        return [(each["metric"], float(each["value"][1])) for each in data["result"]]

    def ask_range(self, query, start, end, step):
        data = self.get("query_range", query=query, start=start, end=end, step=step)
        return [(each["metric"], float(value)) for each in data["result"] for _, value in each["values"]]
