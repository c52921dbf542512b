"""Judges one environment in deploy/environments by its rendered compose file and the configuration files beside it.

    deploy_check.py deploy/environments/sandbox rendered.yml

`rendered.yml` is the output of `docker-compose config` or `docker compose config`. Prints every fault and exits 1.
"""

import pathlib
import re
import sys

import yaml

FAULTS = []


def demand(condition, fault):
    if not condition:
        FAULTS.append(fault)


def check_service(name, service):
    image = service.get("image", "")
    if "build" not in service:
        tag = image.rpartition(":")[2] if ":" in image.rpartition("/")[2] else ""
        demand(re.match(r"v?\d+\.\d+", tag), f"{name}: image {image!r} is not pinned to a version")
    for port in service.get("ports", []):
        address = port.get("host_ip") if isinstance(port, dict) else port.rpartition(":")[0].rpartition(":")[0]
        demand(address == "127.0.0.1", f"{name}: port {port} is published beyond loopback")
    for volume in service.get("volumes", []):
        demand("docker.sock" not in str(volume), f"{name}: the Docker socket is mounted")
    demand(service.get("cap_drop") == ["ALL"], f"{name}: not all capabilities are dropped")
    demand("no-new-privileges:true" in service.get("security_opt", []), f"{name}: no-new-privileges is missing")
    for key in ("cap_add", "privileged", "devices", "pid", "ipc", "network_mode", "userns_mode"):
        demand(not service.get(key), f"{name}: {key} is set")


def check_sandbox(compose, directory):
    demand(list(compose["services"]) == ["sandbox"], "sandbox: there must be one service, named sandbox")
    service = compose["services"]["sandbox"]
    demand(service.get("container_name") == "ktrdr-sandbox", "sandbox: container_name must be ktrdr-sandbox")
    demand(service.get("user") == "1000:1000", "sandbox: it must run as user 1000:1000")
    demand(service.get("init") is True, "sandbox: init is missing")
    demand(service.get("read_only") is True, "sandbox: the root file system is writable")
    demand(service.get("mem_limit"), "sandbox: there is no memory limit")
    # A string would do for v2, but docker-compose 1.29 then fails at `up`, not at `config`.
    demand(isinstance(service.get("pids_limit"), int), "sandbox: there is no limit on processes, or it is not a number")
    demand(not service.get("environment"), "sandbox: the container has environment variables of its own")
    mounts = {v.get("target") if isinstance(v, dict) else v.split(":")[1] for v in service.get("volumes", [])}
    demand(mounts == {"/workspace", "/home/agent"}, f"sandbox: unexpected mounts: {sorted(mounts)}")
    dockerfile = (directory / "Dockerfile").read_text()
    demand("--require-hashes" in dockerfile, "Dockerfile: the agent's wheel is not checked by hash")
    demand(re.search(r"^USER 1000:1000$", dockerfile, re.M), "Dockerfile: it does not end as user 1000")
    command = (directory / "ktask.md").read_text()
    demand(command.count("$ARGUMENTS") == 1, "ktask.md: $ARGUMENTS must stand there once")
    demand(not re.search(r"\$\d|!`|(^|\s)@\S", command), "ktask.md: it holds $1, !`…` or @file")


def check_observability(compose, directory):
    services = set(compose["services"])
    collector = yaml.safe_load((directory / "otel-collector.yaml").read_text())
    for kind, pipeline in collector["service"]["pipelines"].items():
        for section in ("receivers", "processors", "exporters"):
            for component in pipeline.get(section, []):
                demand(component in collector[section], f"otel-collector.yaml: {kind} uses undefined {component}")
    demand({"traces", "metrics"} <= set(collector["service"]["pipelines"]), "otel-collector.yaml: a pipeline is missing")
    traces_to = collector["exporters"]["otlp_grpc/jaeger"]["endpoint"].split(":")[0]
    demand(traces_to in services, f"otel-collector.yaml: there is no service {traces_to}")
    scraped = yaml.safe_load((directory / "prometheus.yml").read_text())["scrape_configs"][0]
    host, port = scraped["static_configs"][0]["targets"][0].split(":")
    offered = collector["exporters"]["prometheus"]["endpoint"].split(":")[1]
    demand(host in services and port == offered, f"prometheus.yml: {host}:{port} is not where the collector offers metrics")
    demand(scraped.get("honor_labels") is True, "prometheus.yml: without honor_labels `job` is not the service's name")
    sources = yaml.safe_load((directory / "grafana/datasources/datasources.yaml").read_text())["datasources"]
    demand({source["type"] for source in sources} == {"prometheus", "jaeger"}, "grafana: two datasources are expected")
    for source in sources:
        host = re.match(r"http://([^:]+):\d+$", source["url"])
        demand(host and host[1] in services, f"grafana: {source['name']} points at {source['url']}")


def main():
    directory = pathlib.Path(sys.argv[1])
    compose = yaml.safe_load(pathlib.Path(sys.argv[2]).read_text())
    for name, service in compose["services"].items():
        check_service(name, service)
    {"sandbox": check_sandbox, "observability": check_observability}[directory.name](compose, directory)
    print("\n".join(FAULTS))
    sys.exit(1 if FAULTS else 0)


if __name__ == "__main__":
    main()
