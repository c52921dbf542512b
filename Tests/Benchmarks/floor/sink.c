// A collector that does as little as one can: takes every Export over HTTP/2 in cleartext, counts the items in it, says OK.
//
//   sink [max_frame_size]      prints its port, then, at the end of its standard input, {"requests":…,"items":…,"bytes":…}
//
// Counting looks at the two outer levels only (resource, scope), so that the sink is never what a client waits for.
#include <arpa/inet.h>
#include <errno.h>
#include <nghttp2/nghttp2.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 64, INPUT = 1 << 18, WINDOW = 1 << 24 };

struct stream {
    uint8_t *body;
    size_t length, capacity;
    int sent;
};

struct connection {
    int fd;
    nghttp2_session *session;
};

static struct connection connections[MAX_CONNECTIONS];
static uint64_t requests, items, bytes;
static uint32_t max_frame_size = 16384;

static uint64_t varint(const uint8_t **at, const uint8_t *end) {
    uint64_t value = 0;
    for (int shift = 0; *at < end && shift < 64; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) break;
    }
    return value;
}

// How many fields of number `path[depth]` there are, over all three levels of an export request.
static uint64_t count(const uint8_t *at, const uint8_t *end, int depth) {
    static const uint64_t path[] = {1, 2, 2};
    uint64_t found = 0;
    while (at < end) {
        uint64_t tag = varint(&at, end);
        if ((tag & 7) == 2) {
            uint64_t length = varint(&at, end);
            if (length > (uint64_t)(end - at)) return found;
            if (tag >> 3 == path[depth]) found += depth == 2 ? 1 : count(at, at + length, depth + 1);
            at += length;
        } else if ((tag & 7) == 0) {
            varint(&at, end);
        } else {
            at += (tag & 7) == 1 ? 8 : 4;
        }
    }
    return found;
}

static ssize_t read_reply(nghttp2_session *session, int32_t id, uint8_t *buffer, size_t size, uint32_t *flags,
                          nghttp2_data_source *source, void *context) {
    (void)size, (void)source, (void)context;
    static const nghttp2_nv trailers[] = {
        {(uint8_t *)"grpc-status", (uint8_t *)"0", 11, 1, NGHTTP2_NV_FLAG_NONE},
    };
    memset(buffer, 0, 5);
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    nghttp2_submit_trailer(session, id, trailers, 1);
    return 5;
}

static int on_begin(nghttp2_session *session, const nghttp2_frame *frame, void *context) {
    (void)context;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, calloc(1, sizeof(struct stream)));
    return 0;
}

static int on_chunk(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data, size_t length, void *context) {
    (void)flags, (void)context;
    struct stream *stream = nghttp2_session_get_stream_user_data(session, id);
    if (stream->length + length > stream->capacity) {
        stream->capacity = (stream->length + length) * 2;
        stream->body = realloc(stream->body, stream->capacity);
    }
    memcpy(stream->body + stream->length, data, length);
    stream->length += length;
    return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *context) {
    (void)context;
    if (!(frame->hd.flags & NGHTTP2_FLAG_END_STREAM) || frame->hd.type > NGHTTP2_HEADERS) return 0;
    struct stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (!stream) return 0;
    requests++;
    bytes += stream->length;
    if (stream->length > 5) items += count(stream->body + 5, stream->body + stream->length, 0);
    static const nghttp2_nv headers[] = {
        {(uint8_t *)":status", (uint8_t *)"200", 7, 3, NGHTTP2_NV_FLAG_NONE},
        {(uint8_t *)"content-type", (uint8_t *)"application/grpc", 12, 16, NGHTTP2_NV_FLAG_NONE},
    };
    nghttp2_data_provider provider = {.read_callback = read_reply};
    return nghttp2_submit_response(session, frame->hd.stream_id, headers, 2, &provider);
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t error, void *context) {
    (void)error, (void)context;
    struct stream *stream = nghttp2_session_get_stream_user_data(session, id);
    if (stream) free(stream->body);
    free(stream);
    return 0;
}

static void open_connection(struct connection *connection, int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    nghttp2_session_callbacks *callbacks;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_chunk);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_server_new(&connection->session, callbacks, connection);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW},
        {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, max_frame_size},
    };
    nghttp2_submit_settings(connection->session, 0, settings, 2);
    nghttp2_session_set_local_window_size(connection->session, 0, 0, WINDOW);
    connection->fd = fd;
}

static int flush(struct connection *connection) {
    const uint8_t *out;
    ssize_t length;
    while ((length = nghttp2_session_mem_send(connection->session, &out)) > 0)
        if (send(connection->fd, out, (size_t)length, MSG_NOSIGNAL) != length) return -1;
    return length < 0 ? -1 : 0;
}

static int serve(struct connection *connection) {
    static uint8_t input[INPUT];
    ssize_t length = recv(connection->fd, input, sizeof input, 0);
    if (length <= 0) return -1;
    return nghttp2_session_mem_recv(connection->session, input, (size_t)length) < 0 ? -1 : flush(connection);
}

static void close_connection(struct connection *connection) {
    nghttp2_session_del(connection->session);
    close(connection->fd);
    connection->fd = -1;
}

int main(int argc, char **argv) {
    if (argc > 1) max_frame_size = (uint32_t)atoi(argv[1]);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 64)) return perror("sink"), 1;
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (int i = 0; i < MAX_CONNECTIONS; i++) connections[i].fd = -1;
    for (;;) {
        struct pollfd polls[MAX_CONNECTIONS + 2] = {{.fd = 0, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
        for (int i = 0; i < MAX_CONNECTIONS; i++) polls[i + 2] = (struct pollfd){.fd = connections[i].fd, .events = POLLIN};
        if (poll(polls, MAX_CONNECTIONS + 2, -1) < 0 && errno != EINTR) return 1;
        if (polls[0].revents) break;
        if (polls[1].revents) {
            int fd = accept(listener, 0, 0), place = 0;
            while (place < MAX_CONNECTIONS && connections[place].fd >= 0) place++;
            if (place == MAX_CONNECTIONS) close(fd);
            else if (fd >= 0) open_connection(&connections[place], fd), flush(&connections[place]);
        }
        for (int i = 0; i < MAX_CONNECTIONS; i++)
            if (connections[i].fd >= 0 && polls[i + 2].revents && serve(&connections[i])) close_connection(&connections[i]);
    }
    printf("{\"requests\":%llu,\"items\":%llu,\"bytes\":%llu}\n", (unsigned long long)requests, (unsigned long long)items,
           (unsigned long long)bytes);
    return 0;
}
