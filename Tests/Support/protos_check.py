"""Compares Protos/ with the descriptors in PyPI's opentelemetry-proto.

Usage: protos_check.py [PROTOS_DIR]     (needs protoc in PATH and the package opentelemetry-proto)

Every package, message, field (name, number, type, label, oneof, packing), reserved number and name, enum, value and
service method must be the same. One kind of difference is let through, and only for the six fields named in OPTIONAL:
there they say `optional` and we have a oneof with that one member, since protobuf-c 1.4.1 knows no optional in proto3.
Exits 1 and prints one line for each difference, 0 if there is none.
"""

import importlib
import pathlib
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2

FILES = [
    "common/v1/common",
    "resource/v1/resource",
    "trace/v1/trace",
    "metrics/v1/metrics",
    "logs/v1/logs",
    "collector/trace/v1/trace_service",
    "collector/metrics/v1/metrics_service",
    "collector/logs/v1/logs_service",
]
PREFIX = "opentelemetry.proto.metrics.v1."
OPTIONAL = {
    PREFIX + message + "." + field
    for message in ("HistogramDataPoint", "ExponentialHistogramDataPoint")
    for field in ("sum", "min", "max")
}
FIELD = descriptor_pb2.FieldDescriptorProto


def ours(directory):
    """{path: FileDescriptorProto} of every .proto file below a directory."""
    paths = sorted(str(path.relative_to(directory)) for path in directory.rglob("*.proto"))
    with tempfile.NamedTemporaryFile() as output:
        subprocess.run(
            ["protoc", f"--proto_path={directory}", f"--descriptor_set_out={output.name}", *paths],
            check=True,
        )
        files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(output.name).read_bytes())
    return {file.name: file for file in files.file}


def theirs():
    """{path: FileDescriptorProto} of the modules that pip installed."""
    files = {}
    for name in FILES:
        module = importlib.import_module("opentelemetry.proto." + name.replace("/", ".") + "_pb2")
        file = descriptor_pb2.FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(file)
        files[file.name] = file
    return files


def field_facts(field, message, used_optional):
    """What must be equal, as {description: value}, and the one exception made equal."""
    name = f"{message.path}.{field.name}"
    oneof = message.proto.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else None
    optional = field.proto3_optional
    if name in OPTIONAL:
        members = [f for f in message.proto.field if f.HasField("oneof_index") and f.oneof_index == field.oneof_index]
        used_optional.add(name)
        optional = len(members) == 1
    return {
        f"field {name}": "present",
        f"number of {name}": field.number,
        f"type of {name}": FIELD.Type.Name(field.type) + field.type_name,
        f"label of {name}": FIELD.Label.Name(field.label),
        f"oneof of {name}": oneof,
        f"optional of {name}": optional,
        f"packed of {name}": field.options.packed if field.options.HasField("packed") else None,
        f"default of {name}": field.default_value if field.HasField("default_value") else None,
    }


class Message:
    def __init__(self, proto, path):
        self.proto = proto
        self.path = path


def enum_facts(enum, path):
    facts = {f"enum {path}": "present"}
    facts |= {f"value {path}.{value.name}": value.number for value in enum.value}
    facts[f"reserved of {path}"] = sorted((r.start, r.end) for r in enum.reserved_range) + sorted(enum.reserved_name)
    facts[f"alias of {path}"] = enum.options.allow_alias
    return facts


def message_facts(message, used_optional):
    proto, path = message.proto, message.path
    facts = {f"message {path}": "present"}
    facts[f"reserved of {path}"] = sorted((r.start, r.end) for r in proto.reserved_range) + sorted(proto.reserved_name)
    facts[f"oneofs of {path}"] = sorted(oneof.name for oneof in proto.oneof_decl)
    for field in proto.field:
        facts |= field_facts(field, message, used_optional)
    for nested in proto.nested_type:
        facts |= message_facts(Message(nested, f"{path}.{nested.name}"), used_optional)
    for enum in proto.enum_type:
        facts |= enum_facts(enum, f"{path}.{enum.name}")
    return facts


def facts_of(files, used_optional):
    facts = {}
    for name, file in files.items():
        facts |= {
            f"file {name}": "present",
            f"package of {name}": file.package,
            f"syntax of {name}": file.syntax,
            f"imports of {name}": sorted(file.dependency),
        }
        for message in file.message_type:
            facts |= message_facts(Message(message, f"{file.package}.{message.name}"), used_optional)
        for enum in file.enum_type:
            facts |= enum_facts(enum, f"{file.package}.{enum.name}")
        for service in file.service:
            path = f"{file.package}.{service.name}"
            facts[f"service {path}"] = "present"
            for method in service.method:
                facts[f"method {path}.{method.name}"] = (
                    method.input_type,
                    method.output_type,
                    method.client_streaming,
                    method.server_streaming,
                )
    return facts


def main():
    default = pathlib.Path(__file__).resolve().parents[2] / "Protos"
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    used = set()
    our_facts = facts_of(ours(directory), used)
    their_facts = facts_of(theirs(), set())
    differences = [
        f"{what}: ours {our_facts.get(what, 'absent')}, opentelemetry-proto {their_facts.get(what, 'absent')}"
        for what in sorted(our_facts.keys() | their_facts.keys())
        if our_facts.get(what, "absent") != their_facts.get(what, "absent")
    ]
    differences += [f"exception for {name}: no such field" for name in sorted(OPTIONAL - used)]
    for difference in differences:
        print(difference)
    if differences:
        sys.exit(1)
    print(f"{len(our_facts)} facts of {len(FILES)} files agree")


if __name__ == "__main__":
    main()
