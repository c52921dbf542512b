"""grpc.testing.TestService's unary calls, as gRPC's interop descriptions have them, on the official protobuf classes.

Only those fields of grpc's src/proto/grpc/testing/messages.proto are defined that the unary cases use.
"""

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto
MESSAGES = {
    "Payload": [("body", 2, FIELD.TYPE_BYTES, None)],
    "BoolValue": [("value", 1, FIELD.TYPE_BOOL, None)],
    "EchoStatus": [("code", 1, FIELD.TYPE_INT32, None), ("message", 2, FIELD.TYPE_STRING, None)],
    "SimpleRequest": [
        ("response_size", 2, FIELD.TYPE_INT32, None),
        ("payload", 3, FIELD.TYPE_MESSAGE, "Payload"),
        ("response_compressed", 6, FIELD.TYPE_MESSAGE, "BoolValue"),
        ("response_status", 7, FIELD.TYPE_MESSAGE, "EchoStatus"),
    ],
    "SimpleResponse": [("payload", 1, FIELD.TYPE_MESSAGE, "Payload")],
}


def make_classes():
    file = descriptor_pb2.FileDescriptorProto(name="unary.proto", package="grpc.testing", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind, of in fields:
            declared = message.field.add(name=field, number=number, type=kind, label=FIELD.LABEL_OPTIONAL)
            if of:
                declared.type_name = ".grpc.testing." + of
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName("grpc.testing." + name)) for name in MESSAGES}


CLASSES = make_classes()


def empty_call(request, context):
    if request:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "an empty message was expected")
    return b""


def unary_call(request, context):
    wish = CLASSES["SimpleRequest"].FromString(request)
    for name, value in context.invocation_metadata():
        if name == "x-grpc-test-echo-initial":
            context.send_initial_metadata(((name, value),))
        if name == "x-grpc-test-echo-trailing-bin":
            context.set_trailing_metadata(((name, value),))
    if wish.response_compressed.value:
        context.set_compression(grpc.Compression.Gzip)
    if wish.response_status.code:
        context.set_code(next(code for code in grpc.StatusCode if code.value[0] == wish.response_status.code))
        context.set_details(wish.response_status.message)
        return None
    response = CLASSES["SimpleResponse"]()
    response.payload.body = bytes(wish.response_size)
    return response.SerializeToString()
