"""Grafana's dashboards and Prometheus' alerts of deploy/environments/observability: read, and judged as far as their text goes.

The model is Grafana's classic one (schemaVersion 39): panels with gridPos on 24 columns, targets with a datasource each,
fieldConfig with a unit, variables of type query.
"""

import dataclasses
import json
import pathlib
import re

import yaml

DIRECTORY = pathlib.Path(__file__).resolve().parents[2] / "deploy/environments/observability"
PANELS = {"row", "stat", "timeseries", "table", "bargauge"}
UNITS = {"none", "short", "s", "percentunit", "currencyUSD"}
BUILT_IN = {"__range", "__interval"}
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
LABEL_VALUES = re.compile(r"label_values\((.+),\s*([A-Za-z_][A-Za-z0-9_]*)\)", re.DOTALL)


@dataclasses.dataclass
class Asked:
    """One query, and where it stands."""

    where: str
    text: str
    is_range: bool = False
    unit: str = ""
    legend: str = ""
    interval: str = "15s"
    has_exemplars: bool = False

    @property
    def is_ratio(self):
        """Whether it is a quotient or a quantile of what grew, and so has no value while nothing has happened."""
        is_growth = "offset $__" in self.text or "@ start()" in self.text
        return is_growth and bool(re.search(r"\)\s*/\s*\(|histogram_quantile", self.text))


def load(directory):
    """The dashboards by file name."""
    files = sorted((directory / "grafana/dashboards").glob("*.json"))
    return {file.name: json.loads(file.read_text()) for file in files}


def queries(dashboards):
    """Every query of every panel that goes to Prometheus."""
    for name, dashboard in dashboards.items():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                if target["datasource"]["type"] == "prometheus":
                    yield Asked(
                        where=f"{name}: {panel['title']}: {target['refId']}",
                        text=target["expr"],
                        is_range=bool(target.get("range")),
                        unit=panel["fieldConfig"]["defaults"]["unit"],
                        legend=target.get("legendFormat", ""),
                        interval=panel.get("interval", "15s"),
                        has_exemplars=bool(target.get("exemplar")),
                    )


def traces_asked(dashboards):
    """What is asked of Jaeger: (where, service, operation)."""
    for name, dashboard in dashboards.items():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                if target["datasource"]["type"] == "jaeger":
                    yield f"{name}: {panel['title']}", target["service"], target["operation"]


def variables(dashboards):
    """Every variable: (where, name, selector, label)."""
    for name, dashboard in dashboards.items():
        for variable in dashboard["templating"]["list"]:
            match = LABEL_VALUES.fullmatch(variable["query"]["query"])
            if not match:
                raise ValueError(f"{name}: ${variable['name']} is not a label_values(metric, label)")
            yield f"{name}: ${variable['name']}", variable["name"], match[1], match[2]


def alerts(directory):
    """Every alert's expression."""
    for group in yaml.safe_load((directory / "alerts.yml").read_text())["groups"]:
        for rule in group["rules"]:
            yield Asked(where=f"alerts.yml: {rule['alert']}", text=rule["expr"])


def used(text):
    return {first or second for first, second in VARIABLE.findall(text)}


def check(directory, datasources, demand):
    """Has the model judged; `datasources` are the provisioned ones, `demand(condition, fault)` collects faults."""
    types = {source["uid"]: source["type"] for source in datasources}
    dashboards = load(directory)
    demand(dashboards, "grafana: there is no dashboard")
    uids = [dashboard.get("uid") for dashboard in dashboards.values()]
    demand(len(set(uids)) == len(uids), f"grafana: dashboards share a uid: {uids}")
    for name, dashboard in dashboards.items():
        demand(re.fullmatch(r"[a-z-]{1,40}", dashboard.get("uid", "")), f"{name}: its uid is missing or odd")
        demand(36 <= dashboard.get("schemaVersion", 0) <= 42, f"{name}: schemaVersion is missing or unknown")
        demand(dashboard.get("title") and dashboard.get("description"), f"{name}: it needs a title and a description")
        demand("id" not in dashboard, f"{name}: an id belongs to one Grafana alone")
        for link in dashboard.get("links", []):
            target = re.fullmatch(r"/d/([a-z-]+)", link["url"])
            demand(not target or target[1] in uids, f"{name}: its link leads to {link['url']}, which is not there")
        known = [variable["name"] for variable in dashboard["templating"]["list"]]
        for number, variable in enumerate(dashboard["templating"]["list"]):
            check_datasource(f"{name}: ${variable['name']}", variable["datasource"], types, demand)
            unknown = used(variable["query"]["query"]) - set(known[:number])
            demand(not unknown, f"{name}: ${variable['name']} uses {unknown}, which do not stand before it")
        check_panels(name, dashboard["panels"], set(known) | BUILT_IN, types, demand)


def check_panels(name, panels, known, types, demand):
    ids = [panel.get("id") for panel in panels]
    demand(len(set(ids)) == len(ids) and None not in ids, f"{name}: panels share an id")
    titles = [panel.get("title") for panel in panels]
    demand(len(set(titles)) == len(titles), f"{name}: panels share a title")
    taken = {}
    for panel in panels:
        where = f"{name}: {panel.get('title')}"
        demand(panel.get("type") in PANELS, f"{where}: unknown type {panel.get('type')}")
        box = panel["gridPos"]
        demand(box["x"] >= 0 and box["w"] > 0 and box["x"] + box["w"] <= 24 and box["h"] > 0, f"{where}: outside of the grid")
        for cell in ((x, y) for x in range(box["x"], box["x"] + box["w"]) for y in range(box["y"], box["y"] + box["h"])):
            demand(taken.setdefault(cell, where) == where, f"{where}: it overlaps {taken[cell]} at {cell}")
        if panel["type"] == "row":
            demand(not panel.get("collapsed") and not panel.get("panels"), f"{where}: a row must be open, its panels follow it")
            continue
        demand(panel.get("description", "").endswith("."), f"{where}: its description is missing, or no sentence")
        check_datasource(where, panel.get("datasource", {}), types, demand)
        demand(panel.get("targets"), f"{where}: it asks for nothing")
        references = [target.get("refId") for target in panel["targets"]]
        demand(len(set(references)) == len(references), f"{where}: targets share a refId")
        for target in panel["targets"]:
            check_datasource(where, target.get("datasource", {}), types, demand)
            if target.get("datasource", {}).get("type") != "prometheus":
                continue
            demand(panel["fieldConfig"]["defaults"].get("unit") in UNITS, f"{where}: its unit is missing or unknown")
            unknown = used(target["expr"]) - known
            demand(not unknown, f"{where}: nobody defines {unknown}")
            demand("vector(" not in target["expr"], f"{where}: vector() makes up what is not there")
            demand(bool(target.get("instant")) != bool(target.get("range")), f"{where}: either instant or range")
            is_table = target.get("format") == "table"
            demand(is_table == (panel["type"] == "table"), f"{where}: format table belongs to tables")
            demand(target.get("range") == (panel["type"] == "timeseries"), f"{where}: ranges belong to time series")


def check_datasource(where, reference, types, demand):
    uid = reference.get("uid")
    demand(types.get(uid) == reference.get("type"), f"{where}: its datasource {reference} is not provisioned")


def check_provider(directory, mounts, environment, demand):
    """The provider reads where the dashboards are mounted, and the home dashboard is one of them."""
    provider = yaml.safe_load((directory / "grafana/dashboards/dashboards.yaml").read_text())["providers"]
    demand(len(provider) == 1 and provider[0]["type"] == "file", "grafana: one provider of files is expected")
    path = provider[0]["options"]["path"]
    demand(mounts.get(path) == (directory / "grafana/dashboards").resolve(), f"grafana: {path} is not the dashboards")
    home = environment.get("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH", "")
    demand(home.startswith(path + "/") and home.rpartition("/")[2] in load(directory), f"grafana: {home} is not there")
