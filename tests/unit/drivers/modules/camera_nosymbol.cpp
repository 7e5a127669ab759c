// A shared library that is no driver.
extern "C" [[gnu::visibility("default")]] int nothing_of_onlooker();
int nothing_of_onlooker() {
    return 0;
}
