// The TLS of Asio, compiled once; only the client of these tests uses it.
#include <asio/ssl/impl/src.hpp>
