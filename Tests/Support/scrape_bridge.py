"""A scrape bridge: offers metrics that otlp_receiver.py has stored to Prometheus, under the names that the OpenTelemetry
Collector's `prometheus` exporter gives them. Debian's Prometheus 2.42 cannot take OTLP, and there is no collector here.

The rules are the collector's, with `enable_open_metrics` and its defaults else:
- Of each series the point with the latest time counts. Sums and histograms must be cumulative; nothing else is taken.
- Names: what is neither letter, digit, `_` nor `:` becomes `_`, and never two of them in a row; then the unit, unless the
  name has it as a word already, where the unit is not in braces; then `_total` for a monotonic sum, once.
- Labels: `job` is service.namespace/service.name, `instance` is service.instance.id, `otel_scope_*` name the scope, and
  `target_info` has the resource's other attributes.
- Exemplars of histograms stay at their buckets, with trace_id and span_id.
"""

import json
import pathlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
UNITS = {
    "d": "days", "h": "hours", "min": "minutes", "s": "seconds", "ms": "milliseconds", "us": "microseconds",
    "ns": "nanoseconds", "By": "bytes", "KiBy": "kibibytes", "MiBy": "mebibytes", "1": "", "%": "percent",
}
CUMULATIVE = "AGGREGATION_TEMPORALITY_CUMULATIVE"


def family_name(name, unit, is_counter, is_gauge):
    """The name of a metric, with `_total` if it is a counter's.

    >>> family_name("orchestrator_tasks_total", "{task}", True, False)
    'orchestrator_tasks_total'
    >>> family_name("orchestrator_cost_usd_total", "{USD}", True, False)
    'orchestrator_cost_usd_total'
    >>> family_name("orchestrator_cost_usd_total", "USD", True, False)
    'orchestrator_cost_usd_USD_total'
    >>> family_name("orchestrator_task_duration_seconds", "s", False, False)
    'orchestrator_task_duration_seconds'
    >>> family_name("gen_ai.client.operation.duration", "s", False, False)
    'gen_ai_client_operation_duration_seconds'
    >>> family_name("otel.sdk.exporter.span.exported", "{span}", True, False)
    'otel_sdk_exporter_span_exported_total'
    >>> family_name("share.of.it", "1", False, True)
    'share_of_it_ratio'
    """
    words = [word for word in re.split(r"[^A-Za-z0-9:]+", name) if word]
    unit = "" if "{" in unit else "ratio" if unit == "1" and is_gauge else UNITS.get(unit, unit)
    if unit and unit not in words:
        words.append(unit)
    if is_counter:
        words = [word for word in words if word != "total"] + ["total"]
    name = "_".join(words)
    return "_" + name if name[:1].isdigit() else name


def label_name(key):
    """A label's name.

    >>> [label_name(key) for key in ("gen_ai.tool.name", "2nd", "_own")]
    ['gen_ai_tool_name', 'key_2nd', 'key_own']
    """
    name = re.sub(r"[^A-Za-z0-9_]", "_", key)
    if name[:1].isdigit():
        return "key_" + name
    return "key" + name if name.startswith("_") and not name.startswith("__") else name


def text(value):
    """An attribute's value as the collector prints it."""
    kind, content = next(iter(value.items()), ("stringValue", ""))
    return str(content).lower() if kind == "boolValue" else str(content)


def attributes(holder):
    return {each["key"]: text(each.get("value", {})) for each in holder.get("attributes", [])}


def number(value):
    return repr(float(value))


def labels_text(labels):
    escaped = {
        key: value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"") for key, value in labels.items() if value
    }
    return "{" + ",".join(f'{key}="{value}"' for key, value in sorted(escaped.items())) + "}"


class Series:
    """The last point of one series, with what its name is made of."""

    def __init__(self, metric, kind, labels, point):
        data = metric[kind]
        self.type = "counter" if data.get("isMonotonic") else "histogram" if kind == "histogram" else "gauge"
        self.name = family_name(metric["name"], metric.get("unit", ""), self.type == "counter", kind == "gauge")
        self.help = metric.get("description", "")
        self.labels = labels
        self.point = point
        self.time = int(point.get("timeUnixNano", 0))

    @property
    def key(self):
        return self.name, labels_text(self.labels)

    def lines(self):
        if self.type == "histogram":
            yield from self.histogram_lines()
        else:
            yield f"{self.name}{labels_text(self.labels)} {number(self.point.get('asInt', self.point.get('asDouble', 0)))}"

    def histogram_lines(self):
        bounds = [float(bound) for bound in self.point.get("explicitBounds", [])] + [float("inf")]
        counts = [int(count) for count in self.point.get("bucketCounts", [])] or [int(self.point.get("count", 0))]
        total = 0
        for lower, bound, count in zip([float("-inf")] + bounds, bounds, counts):
            total += count
            labels = {**self.labels, "le": "+Inf" if bound == float("inf") else number(bound)}
            yield f"{self.name}_bucket{labels_text(labels)} {total}{self.exemplar(lower, bound)}"
        yield f"{self.name}_count{labels_text(self.labels)} {int(self.point.get('count', 0))}"
        yield f"{self.name}_sum{labels_text(self.labels)} {number(self.point.get('sum', 0))}"

    def exemplar(self, lower, upper):
        """The newest exemplar of a bucket, or nothing."""
        inside = [
            each for each in self.point.get("exemplars", []) if lower < float(each.get("asDouble", each.get("asInt", 0))) <= upper
        ]
        if not inside:
            return ""
        newest = max(inside, key=lambda each: int(each.get("timeUnixNano", 0)))
        ids = {"trace_id": newest.get("traceId", ""), "span_id": newest.get("spanId", "")}
        seconds = int(newest.get("timeUnixNano", 0)) / 1e9
        return f" # {labels_text(ids)} {number(newest.get('asDouble', newest.get('asInt', 0)))} {seconds:.3f}"


class Bridge:
    """What the collector would hold: the last value of every series."""

    def __init__(self, store):
        self.store = pathlib.Path(store)
        self.read_bytes = 0
        self.series = {}
        self.targets = {}
        self.refused = []
        self.lock = threading.Lock()

    def read(self):
        """Takes in what was stored since the last time; a line that is not whole yet waits."""
        with self.store.open("rb") as file:
            file.seek(self.read_bytes)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self.read_bytes += len(whole)
        for line in whole.splitlines():
            record = json.loads(line)
            if record["signal"] == "metrics" and record["reply"] in ("ok", "partial"):
                for resource in record["request"].get("resourceMetrics", []):
                    self.add(resource)

    def add(self, resource_metrics):
        resource = attributes(resource_metrics.get("resource", {}))
        service = [resource.pop(key, "") for key in ("service.namespace", "service.name")]
        target = {"job": "/".join(part for part in service if part), "instance": resource.pop("service.instance.id", "")}
        named = {label_name(key): value for key, value in resource.items()}
        self.targets[target["job"], target["instance"]] = {**named, **target}
        for scope_metrics in resource_metrics.get("scopeMetrics", []):
            scope = scope_metrics.get("scope", {})
            about = {
                "otel_scope_name": scope.get("name", ""), "otel_scope_version": scope.get("version", ""),
                "otel_scope_schema_url": scope_metrics.get("schemaUrl", ""),
            }
            for metric in scope_metrics.get("metrics", []):
                self.add_metric(metric, {**about, **target})

    def add_metric(self, metric, labels):
        kind = next((kind for kind in ("sum", "gauge", "histogram") if kind in metric), None)
        if kind is None or (kind != "gauge" and metric[kind].get("aggregationTemporality") != CUMULATIVE):
            self.refused.append(metric["name"])
            return
        for point in metric[kind].get("dataPoints", []):
            own = {label_name(key): value for key, value in attributes(point).items()}
            series = Series(metric, kind, {**own, **labels}, point)
            before = self.series.get(series.key)
            if before is None or before.time <= series.time:
                self.series[series.key] = series

    def exposition(self):
        """All series as OpenMetrics."""
        with self.lock:
            self.read()
            families = {}
            for series in self.series.values():
                families.setdefault(series.name, []).append(series)
            lines = []
            for name, members in sorted(families.items()):
                family = name.removesuffix("_total") if members[0].type == "counter" else name
                lines += [f"# TYPE {family} {members[0].type}", f"# HELP {family} {members[0].help}"]
                lines += [line for series in sorted(members, key=lambda each: each.key) for line in series.lines()]
            lines += ["# TYPE target_info gauge", "# HELP target_info Target metadata"] if self.targets else []
            lines += [f"target_info{labels_text(labels)} 1" for labels in self.targets.values()]
            return "\n".join(lines + ["# EOF", ""])


def serve(bridge, port=0):
    """A server on loopback that answers every GET with the exposition."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format, *arguments):
            pass

        def do_GET(self):
            data = bridge.exposition().encode()
            self.send_response(200)
            self.send_header("content-type", CONTENT_TYPE)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server
