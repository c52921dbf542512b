// What protobuf-c and nghttp2 cost by themselves: the span of the benchmark, filled into protoc-c's structs, packed in
// batches of 512, and sent. Nothing is queued, timed, retried or remembered; no exporter on these libraries can be cheaper.
//
//   floor PORT SPANS full|sent          prints {"spans":…,"seconds":…,"cpu_seconds":…,"fill_ns":…,"pack_ns":…}
//
// `sent` packs one batch and sends it again and again: the cost of framing and sending alone.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "COTLP.h"

enum { BATCH = 512, ATTRIBUTES = 8 };

typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceRequest Request;
typedef Opentelemetry__Proto__Trace__V1__ResourceSpans ResourceSpans;
typedef Opentelemetry__Proto__Trace__V1__ScopeSpans ScopeSpans;
typedef Opentelemetry__Proto__Trace__V1__Span Span;
typedef Opentelemetry__Proto__Common__V1__KeyValue KeyValue;
typedef Opentelemetry__Proto__Common__V1__AnyValue AnyValue;

struct slot {
    Span span;
    KeyValue pairs[ATTRIBUTES];
    KeyValue *list[ATTRIBUTES];
    AnyValue values[ATTRIBUTES];
    uint8_t trace[16], id[8], parent[8];
    char text[512];
};

static const struct {
    const char *key, *text;
    int64_t number;
} attributes[ATTRIBUTES] = {
    {"http.request.method", "GET", 0},          {"url.path", "/api/orders/8f14e45f", 0},
    {"http.route", "/api/orders/{id}", 0},      {"http.response.status_code", NULL, 200},
    {"server.address", "orders.internal", 0},   {"server.port", NULL, 8443},
    {"user_agent.original", "curl/8.5.0", 0},   {"network.protocol.version", "2", 0},
};

static struct slot slots[BATCH];
static Span *spans[BATCH];
static uint8_t *packed;
static size_t packed_size, sent_size;
static int done;

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static uint64_t random64(void) {
    static uint64_t state = 0x9e3779b97f4a7c15;
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state;
}

static char *copy(char **room, const char *text) {
    size_t size = strlen(text) + 1;
    char *place = memcpy(*room, text, size);
    *room += size;
    return place;
}

static void fill(struct slot *slot) {
    char *room = slot->text;
    opentelemetry__proto__trace__v1__span__init(&slot->span);
    uint64_t ids[4] = {random64(), random64(), random64(), random64()};
    memcpy(slot->trace, ids, 16), memcpy(slot->id, ids + 2, 8), memcpy(slot->parent, ids + 3, 8);
    slot->span.trace_id = (ProtobufCBinaryData){16, slot->trace};
    slot->span.span_id = (ProtobufCBinaryData){8, slot->id};
    slot->span.parent_span_id = (ProtobufCBinaryData){8, slot->parent};
    slot->span.name = copy(&room, "GET /api/orders/{id}");
    slot->span.kind = OPENTELEMETRY__PROTO__TRACE__V1__SPAN__SPAN_KIND__SPAN_KIND_SERVER;
    slot->span.start_time_unix_nano = (uint64_t)(now(CLOCK_REALTIME) * 1e9);
    slot->span.end_time_unix_nano = (uint64_t)(now(CLOCK_REALTIME) * 1e9);
    slot->span.flags = 0x101;
    for (int i = 0; i < ATTRIBUTES; i++) {
        opentelemetry__proto__common__v1__key_value__init(&slot->pairs[i]);
        opentelemetry__proto__common__v1__any_value__init(&slot->values[i]);
        slot->pairs[i].key = copy(&room, attributes[i].key);
        slot->pairs[i].value = &slot->values[i];
        slot->list[i] = &slot->pairs[i];
        if (attributes[i].text) {
            slot->values[i].value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE;
            slot->values[i].string_value = copy(&room, attributes[i].text);
        } else {
            slot->values[i].value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE;
            slot->values[i].int_value = attributes[i].number;
        }
    }
    slot->span.attributes = slot->list;
    slot->span.n_attributes = ATTRIBUTES;
}

static void pack(void) {
    ScopeSpans scope = OPENTELEMETRY__PROTO__TRACE__V1__SCOPE_SPANS__INIT;
    ResourceSpans resource = OPENTELEMETRY__PROTO__TRACE__V1__RESOURCE_SPANS__INIT;
    Request request = OPENTELEMETRY__PROTO__COLLECTOR__TRACE__V1__EXPORT_TRACE_SERVICE_REQUEST__INIT;
    ScopeSpans *scopes = &scope;
    ResourceSpans *resources = &resource;
    scope.spans = spans, scope.n_spans = BATCH;
    resource.scope_spans = &scopes, resource.n_scope_spans = 1;
    request.resource_spans = &resources, request.n_resource_spans = 1;
    size_t size = protobuf_c_message_get_packed_size(&request.base);
    if (size + 5 > packed_size) packed = realloc(packed, size + 5);
    packed_size = size + 5;
    protobuf_c_message_pack(&request.base, packed + 5);
    packed[0] = 0, packed[1] = (uint8_t)(size >> 24), packed[2] = (uint8_t)(size >> 16), packed[3] = (uint8_t)(size >> 8);
    packed[4] = (uint8_t)size;
}

static ssize_t read_body(nghttp2_session *session, int32_t id, uint8_t *buffer, size_t size, uint32_t *flags,
                         nghttp2_data_source *source, void *context) {
    (void)session, (void)id, (void)source, (void)context;
    size_t left = packed_size - sent_size;
    if (size > left) size = left;
    memcpy(buffer, packed + sent_size, size);
    sent_size += size;
    if (sent_size == packed_size) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)size;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t error, void *context) {
    (void)session, (void)id, (void)context;
    if (error) exit(2);
    done = 1;
    return 0;
}

static void write_all(nghttp2_session *session, int fd) {
    static uint8_t gathered[1 << 19];
    size_t used = 0;
    const uint8_t *out;
    ssize_t length;
    while ((length = nghttp2_session_mem_send(session, &out)) > 0) {
        if (used + (size_t)length > sizeof gathered) {
            if (send(fd, gathered, used, MSG_NOSIGNAL) < 0) exit(2);
            used = 0;
        }
        memcpy(gathered + used, out, (size_t)length);
        used += (size_t)length;
    }
    if (used && send(fd, gathered, used, MSG_NOSIGNAL) < 0) exit(2);
}

static void call(nghttp2_session *session, int fd) {
#define FIELD(name, value) {(uint8_t *)name, (uint8_t *)value, sizeof name - 1, sizeof value - 1, NGHTTP2_NV_FLAG_NONE}
    static const nghttp2_nv headers[] = {
        FIELD(":method", "POST"), FIELD(":scheme", "http"),
        FIELD(":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"), FIELD(":authority", "127.0.0.1"),
        FIELD("te", "trailers"), FIELD("content-type", "application/grpc"),
    };
    nghttp2_data_provider provider = {.read_callback = read_body};
    uint8_t input[1 << 16];
    sent_size = 0, done = 0;
    nghttp2_submit_request(session, NULL, headers, 6, &provider, NULL);
    while (!done) {
        write_all(session, fd);
        ssize_t length = recv(fd, input, sizeof input, 0);
        if (length <= 0 || nghttp2_session_mem_recv(session, input, (size_t)length) < 0) exit(2);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    long total = atol(argv[2]), batches = (total + BATCH - 1) / BATCH;
    int prepared = !strcmp(argv[3], "sent"), fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) return 2;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    nghttp2_session_callbacks *callbacks;
    nghttp2_session *session;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_client_new(&session, callbacks, NULL);
    nghttp2_submit_settings(session, 0, NULL, 0);
    for (int i = 0; i < BATCH; i++) spans[i] = &slots[i].span;
    double filling = 0, packing = 0, start = now(CLOCK_MONOTONIC);
    for (long batch = 0; batch < batches; batch++) {
        if (!prepared || batch == 0) {
            double before = now(CLOCK_MONOTONIC);
            for (int i = 0; i < BATCH; i++) fill(&slots[i]);
            double filled = now(CLOCK_MONOTONIC);
            pack();
            filling += filled - before, packing += now(CLOCK_MONOTONIC) - filled;
        }
        call(session, fd);
    }
    double seconds = now(CLOCK_MONOTONIC) - start, cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    long done_spans = batches * BATCH, made = prepared ? BATCH : done_spans;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"spans\":%ld,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"fill_ns\":%.1f,\"pack_ns\":%.1f,\"span_bytes\":%.1f,"
           "\"max_rss_kb\":%ld}\n",
           done_spans, seconds, cpu, filling / (double)made * 1e9, packing / (double)made * 1e9,
           (double)packed_size / BATCH, usage.ru_maxrss);
    return 0;
}
