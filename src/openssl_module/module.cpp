// What onlooker_openssl.so shows to the program.
#include "openssl_module/table.hpp"

extern "C"
    [[gnu::visibility("default")]] const onlooker::openssl_module::Table onlooker_openssl_module =
        onlooker::openssl_module::own_table;
