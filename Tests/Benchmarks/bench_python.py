"""The same work with opentelemetry-python, for comparison: bench_python.py PORT CASE [COUNT] prints one JSON object."""
import json
import resource
import sys
import time

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind

ATTRIBUTES = {
    "http.request.method": "GET", "url.path": "/api/orders/8f14e45f", "http.route": "/api/orders/{id}",
    "http.response.status_code": 200, "server.address": "orders.internal", "server.port": 8443,
    "user_agent.original": "curl/8.5.0", "network.protocol.version": "2",
}
QUEUE = 16384


class Nowhere(SpanExporter):
    def export(self, spans):
        return SpanExportResult.SUCCESS

    def shutdown(self):
        pass


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_memory():
    """MiB; not ru_maxrss, in which Linux counts the process that started this one."""
    with open("/proc/self/status", encoding="ascii") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


def make(tracer):
    span = tracer.start_span("GET /api/orders/{id}", kind=SpanKind.SERVER)
    for key, value in ATTRIBUTES.items():
        span.set_attribute(key, value)
    span.end()


def exporter(port):
    return OTLPSpanExporter(endpoint=f"http://127.0.0.1:{port}", insecure=True)


def end_to_end(port, count):
    provider = TracerProvider(resource=Resource.create({"service.name": "bench"}))
    processor = BatchSpanProcessor(exporter(port), max_queue_size=QUEUE)
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("bench")
    cpu, start = cpu_seconds(), time.perf_counter()
    for number in range(count):
        make(tracer)
        if number % (QUEUE // 4) == QUEUE // 4 - 1:
            provider.force_flush()
    provider.shutdown()
    return {"spans": count, "seconds": time.perf_counter() - start, "cpu_seconds": cpu_seconds() - cpu}


def caller(count):
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(Nowhere(), max_queue_size=4 * 2000, max_export_batch_size=4 * 2000))
    tracer = provider.get_tracer("bench")
    best = float("inf")
    for _ in range(max(1, count // 2000)):
        start = time.perf_counter()
        for _ in range(2000):
            make(tracer)
        best = min(best, (time.perf_counter() - start) / 2000 * 1e9)
        provider.force_flush()
    provider.shutdown()
    return {"own_ns": best}


def counters(count):
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader

    counter = MeterProvider(metric_readers=[InMemoryMetricReader()]).get_meter("bench").create_counter("requests")
    start = time.perf_counter()
    for _ in range(count):
        counter.add(1, {"http.request.method": "GET", "http.route": "/api/orders/{id}", "status": 200})
    return {"given_ns": (time.perf_counter() - start) / count * 1e9}


def process(port):
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    traces = TracerProvider(resource=Resource.create({"service.name": "bench"}))
    traces.add_span_processor(BatchSpanProcessor(exporter(port)))
    metrics = OTLPMetricExporter(endpoint=f"http://127.0.0.1:{port}", insecure=True)
    meters = MeterProvider(metric_readers=[PeriodicExportingMetricReader(metrics)])
    make(traces.get_tracer("bench"))
    for name in ("one", "two", "three"):
        meters.get_meter("bench").create_counter(name).add(1, {"kind": "bench"})
    traces.shutdown()
    meters.shutdown()
    return {"mib": peak_memory()}


def main():
    port, case = sys.argv[1], sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    cases = {
        "endtoend": lambda: end_to_end(port, count), "caller": lambda: caller(count),
        "counters": lambda: counters(count), "process": lambda: process(port),
    }
    print(json.dumps(cases[case]()))


if __name__ == "__main__":
    main()
