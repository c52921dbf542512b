"""Runs every query of every panel, variable and alert of deploy/environments/observability against Debian's Prometheus,
fed with what the built orchestrator really emits.

    dashboards_check.py [--orchestrator .build/debug/orchestrator] [--verbose]

Real Claude Code works on tasks that a scripted model answers; the telemetry goes to PyPI's OTLP receiver, and from there by
scrape_bridge.py to Prometheus 2.42. Then:
- each metric, each label and each value that a query names must have been emitted;
- each query must return something, each label of its legend must be in what it returns, and nothing is NaN;
- where nothing has happened yet, ratios and quantiles are empty, and in an empty Prometheus everything is;
- totals, money and tokens of the panels are those of the runs' own results; the exemplars' traces are those of the runs;
- ten runs, two at a time, raise the total by ten, with no reset.

Needs what setup.sh installs and names in .build/test-tools/env. Prints every fault and exits 1.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

import dashboards
import promql
import scrape_bridge
from orchestrator_runs import ROOT, Failed, Runs, eventually
from prometheus import Prometheus

FAULTS = []

# What brings about every status, and what the panels tell apart: limits, contradicted claims, errors of tools and of the
# model, denials, questions.
VARIETY = ["hello_world", "fail", "ask", "denied", "ignore_task", "status_500", ["max_turns", "--max-turns", "2"]]


def demand(condition, fault):
    if not condition:
        FAULTS.append(fault)


class Evaluation:
    """Runs the queries over a time span, with Grafana's variables filled in."""

    def __init__(self, prometheus, values):
        self.prometheus, self.values = prometheus, values

    def fill(self, text, seconds, interval="15s"):
        values = {**self.values, "__range": f"{max(1, round(seconds * 1000))}ms", "__interval": interval}
        return dashboards.VARIABLE.sub(lambda match: values[match[1] or match[2]], text)

    def run(self, asked, start, end):
        text = self.fill(asked.text, end - start, asked.interval)
        if asked.is_range:
            return self.prometheus.ask_range(text, start, end, max(1, (end - start) / 50))
        return self.prometheus.ask(text, end)

    def panel(self, everything, title, start, end):
        """What the only query of a panel returns, by the values of its labels."""
        asked = [each for each in everything if f": {title}: " in each.where]
        if len(asked) != 1:
            raise Failed(f"there is not one query of a panel {title!r}")
        return {" ".join(labels.values()): value for labels, value in self.run(asked[0], start, end)}


def check_names(asked, text, emitted):
    """Every metric, label and value that the query names was emitted."""
    try:
        query = promql.analyse(text)
    except promql.QueryError as error:
        demand(False, f"{asked.where}: {error}")
        return
    for selector in query.selectors:
        series = emitted.get(selector.name)
        if series is None:
            demand(False, f"{asked.where}: nobody emits {selector.name}")
            continue
        for label, sign, value in selector.matchers:
            seen = {labels.get(label, "") for labels in series}
            demand(seen != {""}, f"{asked.where}: {selector.name} has no label {label}")
            wanted = value if sign.endswith("~") else re.escape(value)
            is_there = any(re.fullmatch(wanted, each) for each in seen)
            demand(is_there or sign in ("!=", "!~"), f"{asked.where}: no {selector.name} has {label}{sign}{value!r}, but {seen}")
    for label, selectors in query.demanded:
        for selector in selectors:
            if not any(label in labels for labels in emitted.get(selector.name, [{label: ""}])):
                demand(False, f"{asked.where}: {selector.name} has no label {label}, which is grouped by")


def check_stable(emitted):
    """A release must not begin new series of the totals: the collector would show the old ones beside them for weeks."""
    for name, series in emitted.items():
        if name.startswith(("orchestrator_", "gen_ai_")):
            demand(not any("otel_scope_version" in labels for labels in series), f"{name}: its series change with the version")


def check_causes(everything):
    """Causes in queries are causes of the program, and `Limits hit` has all limits."""
    outcome = ROOT / "Sources/Runner/Outcome"
    raw = dict(re.findall(r"^    case (\w+)(?: = \"(\w+)\")?$", (outcome / "Cause.swift").read_text(), re.MULTILINE))
    causes = {value or name for name, value in raw.items()}
    row = re.search(r"case ((?:\.\w+(?:, )?)+): limitRow", (outcome / "CauseTable.swift").read_text())
    limits = {raw[name] or name for name in re.findall(r"\w+", row[1])}
    for asked in everything:
        found = {cause for each in re.findall(r'cause[=!]~?"([^"]+)"', asked.text) for cause in each.split("|")}
        demand(found <= causes, f"{asked.where}: there is no cause {found - causes}")
        if ": Limits hit: " in asked.where:
            demand(found == limits, f"{asked.where}: it has {found}, but the limits are {limits}")


def check_full(evaluation, everything, emitted, start, end):
    for asked in everything:
        check_names(asked, evaluation.fill(asked.text, end - start, asked.interval), emitted)
        try:
            result = evaluation.run(asked, start, end)
        except Failed as error:
            demand(False, f"{asked.where}: {error}")
            continue
        is_alert = asked.where.startswith("alerts.yml")
        demand(result or is_alert, f"{asked.where}: nothing with full data")
        demand(all(value == value for _, value in result), f"{asked.where}: NaN with full data")
        for label in re.findall(r"\{\{\s*(\w+)\s*\}\}", asked.legend):
            is_there = not result or any(label in labels for labels, _ in result)
            demand(is_there, f"{asked.where}: its legend's {label} is not there")
        if asked.has_exemplars:
            text = evaluation.fill(asked.text, end - start, asked.interval)
            found = evaluation.prometheus.get("query_exemplars", query=text, start=start, end=end)
            asked.traces = {each["labels"].get("trace_id") for series in found for each in series["exemplars"]}
            demand(found, f"{asked.where}: there are no exemplars")


def check_empty(evaluation, everything, start, end, what, only_ratios):
    for asked in everything:
        try:
            result = evaluation.run(asked, start, end)
        except Failed as error:
            demand(False, f"{asked.where}: {what}: {error}")
            continue
        demand(all(value == value for _, value in result), f"{asked.where}: NaN {what}")
        is_empty = not result or (only_ratios and not asked.is_ratio)
        demand(is_empty, f"{asked.where}: {what} it should be empty, not {result[:3]}")


def check_money(evaluation, everything, results, start, end):
    """What panels say is what the runs' own results say."""
    statuses = {status: sum(each["status"] == status for each in results) for status in ("completed", "failed", "needs_human")}
    shown = evaluation.panel(everything, "Attempts", start, end)
    demand(shown == statuses, f"Attempts: {shown}, but the runs ended {statuses}")
    success = list(evaluation.panel(everything, "Success rate", start, end).values())
    ended = statuses["completed"] + statuses["failed"]
    expected = [statuses["completed"] / ended] if ended else []
    demand(success == expected, f"Success rate: {success}, not {expected}")
    cost = sum(each["cost_usd"] or 0 for each in results)
    shown = sum(evaluation.panel(everything, "Cost", start, end).values())
    demand(abs(shown - cost) < 1e-6, f"Cost: {shown} USD, but the runs cost {cost}")
    shown = sum(evaluation.panel(everything, "Tokens by model and kind", start, end).values())
    tokens = sum(each["tokens_used"] or 0 for each in results)
    demand(shown == tokens, f"Tokens: {shown}, but the runs used {tokens}")


def check_well(evaluation, panels, start, end):
    """Where all went well, shares of what did not are 0, not empty."""
    for title in ("Claims that the checks contradict", "Failed model calls"):
        shown = list(evaluation.panel(panels, title, start, end).values())
        demand(shown == [0], f"{title}: {shown} where nothing failed")
    check_shares(evaluation, panels, start, end)


def check_shares(evaluation, panels, start, end):
    for asked in panels:
        if asked.unit == "percentunit":
            result = evaluation.run(asked, start, end)
            demand(all(0 <= value <= 1 for _, value in result), f"{asked.where}: a share is not in 0…1: {result}")


def check_ten(prometheus, start, end):
    """Ten more attempts: the last value less the first is ten, nothing was reset, and Prometheus' own functions agree."""
    def one(query):
        values = [value for _, value in prometheus.ask(query, end)]
        return values[0] if values else None

    window = f"{round((end - start) * 1000)}ms"
    # Each run of hello_world has two tool calls and three answers of the model.
    for metric, growth in (
        ("orchestrator_tasks_total", 10), ("orchestrator_outcomes_total", 10), ("orchestrator_tool_calls_total", 20),
        ("orchestrator_task_duration_seconds_count", 10), ("gen_ai_client_operation_duration_seconds_count", 30),
        ("gen_ai_execute_tool_duration_seconds_count", 20), ("orchestrator_tokens_total", None),
        ("orchestrator_cost_usd_total", None), ("gen_ai_client_token_usage_sum", None),
    ):
        last, first = one(f"sum({metric})"), one(f"sum({metric} offset {window})")
        is_grown = None not in (last, first) and (last - first == growth if growth else last > first)
        demand(is_grown, f"ten runs raised {metric} from {first} to {last}")
        resets = one(f"sum(resets({metric}[{window}]))")
        demand(resets == 0, f"{metric} was reset {resets} times")
    # Prometheus knows each series between its first and its last scrape, and extrapolates from there to the whole window.
    most = 0
    for series in prometheus.get("query", query=f"orchestrator_tasks_total[{window}]", time=end)["result"]:
        (first, least), (last, greatest) = series["values"][0], series["values"][-1]
        most += (float(greatest) - float(least)) * (end - start) / (last - first)
    grown, rate = one(f"sum(increase(orchestrator_tasks_total[{window}]))"), one(f"sum(rate(orchestrator_tasks_total[{window}]))")
    demand(grown is not None and 9.99 < grown < most + 0.01, f"increase() says {grown}, not 10 to {most}")
    demand(rate is not None and abs(rate * (end - start) - grown) < 0.01, f"rate() says {rate} a second, increase() {grown}")


def variable_values(prometheus, boards, known, end):
    """What Grafana would put for `All`, as an alternation; each variable must have a value where there is data."""
    values = {}
    for where, name, selector, label in dashboards.variables(boards):
        text = dashboards.VARIABLE.sub(lambda match: values[match[1] or match[2]], selector)
        found = prometheus.get(f"label/{label}/values", **{"match[]": text, "start": end - 3600, "end": end})
        demand(bool(found) == known, f"{where}: {found}")
        values[name] = "|".join(re.escape(each).replace("\\", "\\\\") for each in found)
    return values


def emitted_series(prometheus, start, end):
    series = {}
    for labels in prometheus.get("series", **{"match[]": '{__name__=~".+"}', "start": start, "end": end}):
        series.setdefault(labels.pop("__name__"), []).append(labels)
    return series


def scraped(prometheus, bridge):
    """Waits until Prometheus has all that the bridge offers now; returns that time."""
    bridge.exposition()
    newest = max((series.time for series in bridge.series.values()), default=0)
    since = time.time()
    good = "timestamp(up) * on (job, instance) (up == 1)"
    eventually("Prometheus to scrape", lambda: any(value > since for _, value in prometheus.ask(good, time.time())))
    demand(newest > 0, "no metrics arrived")
    return time.time()


@dataclasses.dataclass
class Times:
    """Moments at which Prometheus had everything that had been sent."""

    # Nothing had been sent.
    begin: float
    # Totals of a journal without attempts had been sent.
    nothing: float
    # The ten runs begin, and are over.
    between: float
    over: float
    # Nothing has happened since they were over.
    end: float


def emit(runs, prometheus, bridge):
    """All runs; returns the times, the results, and those of the last ten runs."""
    begin = time.time() - 10
    code, output, complaints = runs.run(["health", "--sandbox", "none"])
    if code != 0:
        raise Failed(f"health ended with {code}: {output}{complaints}")
    nothing = scraped(prometheus, bridge)
    # A collector that refuses spans, and one that is too slow for a queue that is too small.
    soon = {"OTEL_BSP_SCHEDULE_DELAY": "50"}
    runs.answer({"traces": [{"reply": "error", "code": "INVALID_ARGUMENT", "message": "not these"}]})
    results = [runs.task("hello_world", environment=soon)]
    runs.answer({"traces": [{"reply": "ok", "delay": 1}]})
    small = {"OTEL_BSP_MAX_QUEUE_SIZE": "1", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1"}
    results.append(runs.task("hello_world", environment=soon | small))
    runs.answer({})
    results += runs.tasks(VARIETY)
    results.append(runs.task("hello_world", environment=soon))
    between = scraped(prometheus, bridge)
    # So that the first scrape after that moment does not have one of the ten already.
    scraped(prometheus, bridge)
    ten = runs.tasks(["hello_world"] * 10)
    over = scraped(prometheus, bridge)
    return Times(begin, nothing, between, over, scraped(prometheus, bridge)), results, ten


def check(options, directory):
    boards = dashboards.load(dashboards.DIRECTORY)
    panels = list(dashboards.queries(boards))
    everything = panels + list(dashboards.alerts(dashboards.DIRECTORY))
    with Runs(directory, options.orchestrator, os.environ["ORCHESTRATOR_TEST_CLAUDE"]) as runs:
        bridge = scrape_bridge.Bridge(runs.store)
        server = scrape_bridge.serve(bridge)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        binary = os.environ["ORCHESTRATOR_TEST_PROMETHEUS"]
        with Prometheus(binary, directory / "prometheus", server.server_address[1]) as prometheus:
            at, results, ten = emit(runs, prometheus, bridge)
            say(options, f"{len(results) + len(ten)} runs took {at.end - at.nothing:.0f} s")
            demand(not bridge.refused, f"the collector would drop {set(bridge.refused)}")
            evaluation = Evaluation(prometheus, variable_values(prometheus, boards, True, at.end))
            emitted = emitted_series(prometheus, at.begin, at.end)
            check_stable(emitted)
            check_full(evaluation, everything, emitted, at.begin, at.end)
            check_shares(evaluation, panels, at.begin, at.end)
            check_empty(evaluation, panels, at.begin, at.nothing, "before the first attempt", only_ratios=True)
            check_empty(evaluation, panels, at.over, at.end, "while nothing happens", only_ratios=True)
            check_money(evaluation, panels, results + ten, at.begin, at.end)
            check_money(evaluation, panels, results + ten, at.nothing, at.end)
            check_money(evaluation, panels, ten, at.between, at.over)
            check_well(evaluation, panels, at.between, at.over)
            check_ten(prometheus, at.between, at.over)
            check_rules(prometheus)
            check_causes(everything)
            check_traces(runs, boards, panels, results + ten)
            if options.verbose:
                for asked in everything:
                    print(asked.where, evaluation.run(asked, at.begin, at.end)[-6:])
        server.shutdown()
    with Prometheus(binary, directory / "empty") as prometheus:
        now = time.time()
        variable_values(prometheus, boards, False, now)
        check_empty(Evaluation(prometheus, evaluation.values), everything, now - 60, now, "without data", only_ratios=False)
    return everything


def check_rules(prometheus):
    groups = eventually("the alerts to be evaluated", lambda: [
        group for group in prometheus.get("rules")["groups"] if all(rule["health"] != "unknown" for rule in group["rules"])
    ])
    for rule in (rule for group in groups for rule in group["rules"]):
        demand(rule["health"] == "ok", f"alerts.yml: {rule['name']}: {rule.get('lastError')}")


def check_traces(runs, boards, panels, results):
    """What panels look for in Jaeger was sent, and exemplars lead to traces of these runs."""
    sent = set()
    for record in map(json.loads, runs.store.read_text().splitlines()):
        if record["signal"] == "traces":
            for resource in record["request"].get("resourceSpans", []):
                service = scrape_bridge.attributes(resource["resource"]).get("service.name")
                sent |= {(service, span["name"]) for scope in resource["scopeSpans"] for span in scope["spans"]}
    for where, service, operation in dashboards.traces_asked(boards):
        demand((service, operation) in sent, f"{where}: no span {operation} of {service} was sent")
    known = {each["trace_id"] for each in results}
    for asked in panels:
        strangers = getattr(asked, "traces", set()) - known
        demand(not strangers, f"{asked.where}: exemplars lead to unknown traces: {strangers}")


def say(options, words):
    if options.verbose:
        print(words)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orchestrator", type=pathlib.Path, default=ROOT / ".build/debug/orchestrator")
    parser.add_argument("--verbose", action="store_true", help="also print what each query returns")
    options = parser.parse_args()
    begin = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="orchestrator-dashboards-") as directory:
            everything = check(options, pathlib.Path(directory))
    except (Failed, KeyError, OSError, subprocess.TimeoutExpired) as error:
        sys.exit(f"dashboards_check: {type(error).__name__}: {error}")
    if FAULTS:
        sys.exit("\n".join(dict.fromkeys(FAULTS)))
    print(f"{len(everything)} queries checked in {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
