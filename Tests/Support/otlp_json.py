"""Stands for a receiver that we did not write: OTLP bytes to JSON and back with PyPI's opentelemetry-proto.

Usage: otlp_json.py decode MESSAGE < bytes > json
       otlp_json.py encode MESSAGE < json > bytes
       otlp_json.py line MESSAGE < otlp_json > json

MESSAGE is one of the keys of MESSAGES. JSON is protobuf's own mapping, with the fields' names of the .proto files, and
therefore with ids in base64; keys are sorted. `line` reads OTLP's own mapping (ids in hex, names in lower camel case, enums
as numbers only) and writes the former. Exits 1 with a line on stderr for bytes that are not such a message.
"""

import base64
import json
import sys

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces

MESSAGES = {
    "trace_request": traces.ExportTraceServiceRequest,
    "trace_response": traces.ExportTraceServiceResponse,
    "metrics_request": metrics.ExportMetricsServiceRequest,
    "metrics_response": metrics.ExportMetricsServiceResponse,
    "logs_request": logs.ExportLogsServiceRequest,
    "logs_response": logs.ExportLogsServiceResponse,
}


def unknown_fields(message):
    """Paths of fields that the schema does not have, which JSON would not show."""
    found = [f"{message.DESCRIPTOR.full_name} {field.field_number}" for field in UnknownFieldSet(message)]
    for field, value in message.ListFields():
        if field.message_type is not None:
            for child in value if field.is_repeated else [value]:
                found += unknown_fields(child)
    return found


def decode(kind, data):
    message = kind.FromString(data)
    unknown = unknown_fields(message)
    if unknown:
        raise DecodeError("unknown fields: " + ", ".join(unknown))
    return message


def with_base64_ids(value):
    """OTLP JSON as protobuf's mapping wants it; refuses what only that mapping would allow."""
    if isinstance(value, list):
        return [with_base64_ids(element) for element in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, content in value.items():
        if "_" in name:
            raise json_format.ParseError(f"{name} is not in lower camel case")
        if name in ("traceId", "spanId", "parentSpanId"):
            if content != content.lower() or len(content) not in (16, 32):
                raise json_format.ParseError(f"{name} is not lowercase hex of 16 or 32 digits: {content}")
            content = base64.b64encode(bytes.fromhex(content)).decode()
        elif name in ("kind", "code", "severityNumber", "aggregationTemporality") and not isinstance(content, int):
            raise json_format.ParseError(f"{name} is not a number: {content}")
        elif name.endswith("Nano") and not isinstance(content, str):
            raise json_format.ParseError(f"{name} is not a string: {content}")
        result[name] = with_base64_ids(content)
    return result


def main():
    action, kind = sys.argv[1], MESSAGES[sys.argv[2]]
    try:
        if action == "decode":
            message = decode(kind, sys.stdin.buffer.read())
            print(json_format.MessageToJson(message, preserving_proto_field_name=True, sort_keys=True))
        elif action == "line":
            text = sys.stdin.read()
            if "\n" in text:
                raise json_format.ParseError("more than one line")
            message = json_format.ParseDict(with_base64_ids(json.loads(text)), kind())
            print(json_format.MessageToJson(message, preserving_proto_field_name=True, sort_keys=True))
        elif action == "encode":
            message = json_format.Parse(sys.stdin.read(), kind())
            sys.stdout.buffer.write(message.SerializeToString(deterministic=True))
        else:
            sys.exit(__doc__)
    except (DecodeError, json_format.ParseError) as error:
        sys.exit(f"otlp_json.py: {error}")


if __name__ == "__main__":
    main()
