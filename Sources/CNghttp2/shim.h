// The part of nghttp2 that GRPCTransport uses: the library's own header and nothing else.
#include <nghttp2/nghttp2.h>
