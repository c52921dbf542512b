"""Judges one environment in deploy/environments by its rendered compose file and the configuration files beside it.

    deploy_check.py deploy/environments/sandbox rendered.yml

`rendered.yml` is the output of `docker-compose config` or `docker compose config`. Prints every fault and exits 1.
"""

import pathlib
import re
import sys

import yaml

import dashboards

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


# The keys of each component's configuration that this repository uses, as the collector's documentation spells them.
COLLECTOR_KEYS = {
    "otlp": {"protocols"}, "memory_limiter": {"check_interval", "limit_mib", "spike_limit_mib"},
    "otlp_grpc": {"endpoint", "tls"}, "debug": {"verbosity"},
    "prometheus": {"endpoint", "metric_expiration", "enable_open_metrics"},
}


def check_observability(compose, directory):
    services = compose["services"]
    mounts = {name: bind_mounts(name, service) for name, service in services.items()}
    collector = yaml.safe_load((directory / "otel-collector.yaml").read_text())
    check_collector(collector, services)
    prometheus = yaml.safe_load((directory / "prometheus.yml").read_text())
    scraped = prometheus["scrape_configs"][0]
    host, port = scraped["static_configs"][0]["targets"][0].split(":")
    offered = collector["exporters"]["prometheus"]["endpoint"].split(":")[1]
    demand(host in services and port == offered, f"prometheus.yml: {host}:{port} is not where the collector offers metrics")
    demand(scraped.get("honor_labels") is True, "prometheus.yml: without honor_labels `job` is not the service's name")
    for name in prometheus["rule_files"]:
        mounted = mounts["prometheus"].get(f"/etc/prometheus/{name}")
        demand(mounted == (directory / name).resolve(), f"prometheus.yml: {name} is not mounted beside it")
    sources = yaml.safe_load((directory / "grafana/datasources/datasources.yaml").read_text())["datasources"]
    check_datasources(sources, services, prometheus["global"]["scrape_interval"])
    features = " ".join(services["prometheus"]["command"])
    demand("--enable-feature=exemplar-storage" in features, "prometheus: it does not store exemplars")
    dashboards.check(directory, sources, demand)
    dashboards.check_provider(directory, mounts["grafana"], services["grafana"]["environment"], demand)


def bind_mounts(name, service):
    """The files and directories of this repository that a service sees: target to source. Each must be there."""
    pairs = {}
    for volume in service.get("volumes", []):
        source, target = (volume["source"], volume["target"]) if isinstance(volume, dict) else volume.split(":")[:2]
        if source.startswith(("/", ".")):
            pairs[target] = pathlib.Path(source).resolve()
            demand(pairs[target].exists(), f"{name}: {source} is mounted, and is not there")
    return pairs


def check_collector(collector, services):
    for kind, pipeline in collector["service"]["pipelines"].items():
        for section in ("receivers", "processors", "exporters"):
            for component in pipeline.get(section, []):
                demand(component in collector[section], f"otel-collector.yaml: {kind} uses undefined {component}")
    for section in ("receivers", "processors", "exporters"):
        for component, settings in collector[section].items():
            unknown = set(settings) - COLLECTOR_KEYS.get(component.split("/")[0], set())
            demand(not unknown, f"otel-collector.yaml: {component} has unknown keys {unknown}")
    demand({"traces", "metrics"} <= set(collector["service"]["pipelines"]), "otel-collector.yaml: a pipeline is missing")
    traces_to = collector["exporters"]["otlp_grpc/jaeger"]["endpoint"].split(":")[0]
    demand(traces_to in services, f"otel-collector.yaml: there is no service {traces_to}")
    exporter = collector["exporters"]["prometheus"]
    demand(exporter.get("enable_open_metrics") is True, "otel-collector.yaml: without OpenMetrics there are no exemplars")
    hours = re.fullmatch(r"(\d+)h", exporter.get("metric_expiration", ""))
    demand(hours and int(hours[1]) >= 168, "otel-collector.yaml: totals would vanish between runs that are days apart")


def check_datasources(sources, services, scrape_interval):
    demand({source["type"] for source in sources} == {"prometheus", "jaeger"}, "grafana: two datasources are expected")
    types = {source["uid"]: source["type"] for source in sources}
    for source in sources:
        host = re.match(r"http://([^:]+):\d+$", source["url"])
        demand(host and host[1] in services, f"grafana: {source['name']} points at {source['url']}")
        if source["type"] == "prometheus":
            interval = source["jsonData"]["timeInterval"]
            demand(interval == scrape_interval, f"grafana: its interval is {interval}, Prometheus' is {scrape_interval}")
            leads = source["jsonData"]["exemplarTraceIdDestinations"]
            found = [(each["name"], types.get(each["datasourceUid"])) for each in leads]
            demand(found == [("trace_id", "jaeger")], f"grafana: exemplars lead to {leads}")


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
