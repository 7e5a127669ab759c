// Lets a thread that computes give way to the loop and to those that capture, so that on a busy
// machine those come first who look at a camera's own pictures. Thread: the one that is meant.
#pragma once

namespace onlooker {

void give_way_to_the_loop() noexcept;

}  // namespace onlooker
