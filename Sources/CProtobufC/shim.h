// libprotobuf-c of the system: the runtime of the C that protoc-c generates (Debian: libprotobuf-c-dev).
//
// COTLP's headers include the same file, so that Swift sees these types as COTLP's and needs no import of this module;
// it is here for the search paths and the link.
#include <protobuf-c/protobuf-c.h>
