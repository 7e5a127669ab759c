// A body that takes the connection over and sends for as long as it likes: a stream of pictures, of
// events, a conversation.
//
//     Awaitable<> run(StreamConnection& connection) override {
//         while (true) {
//             const bool goes_on = co_await connection.wait_until(next_event());
//             if (!goes_on || !co_await connection.write(event()))
//                 co_return;
//         }
//     }
//
// Owner: the connection. Thread: the loop. Errors: what the peer causes is a value; what a body
// throws ends its connection and is logged.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/awaitable.hpp"
#include "http/wire/pieces.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::http {

// What a stream sees of the connection it took over. One call at a time.
class StreamConnection {
  public:
    // Sends all of the pieces, in order, in the framing of the response; they live until it ends.
    // Waits as long as the peer holds us back; a peer that takes not one octet for the server's
    // write stall limit is given up, and the log says so. False: it is gone or was given up.
    virtual Awaitable<bool> write(std::span<const ConstBytes> pieces) = 0;
    Awaitable<bool> write(std::string_view text) {
        const std::array pieces{bytes_of(text)};
        co_return co_await write(pieces);
    }

    // True at `due`; false as soon as leaving().
    virtual Awaitable<bool> wait_until(SteadyTime due) = 0;

    // What the client sends behind its request, as soon as something comes; for a body that
    // wants_input(). `done`: so many octets. `wait_read`: nothing came until `due`. `closed`: the
    // client has sent all it will, and may still read. `failed`: leaving().
    virtual Awaitable<IoResult> read(std::span<std::byte> into, SteadyTime due) = 0;

    // The server wants to end, or the peer is gone: finish your part and return.
    virtual bool leaving() const noexcept = 0;

    // For a body that waits for something other than this connection: `wake` is called once, when
    // leaving() becomes true or the connection is aborted. An empty function takes it back.
    virtual void on_leave(std::function<void()> wake) = 0;

    // The direct way, past framing and back-pressure, for a body that says Framing::until_close and
    // minds both itself. The stream of pictures takes it: a frame is one virtual call and one
    // send(2), without the coroutine frame and the handler of an awaited call, which thirty
    // thousand frames a second would pay for (base/task.hpp; measured in tests/bench/README.md).
    virtual Transport& transport() noexcept = 0;

  protected:
    ~StreamConnection() = default;
};

class StreamBody {
  public:
    virtual ~StreamBody() = default;

    // Sent in one write with the response head.
    virtual std::string preamble() { return {}; }

    // Otherwise what the client sends is thrown away, and the connection notices by itself when the
    // peer goes (peer_watch.hpp). A body that wants it notices that when it reads or writes.
    virtual bool wants_input() const noexcept { return false; }

    // Runs until the stream is over; the connection is closed afterwards. For HEAD it is never
    // called. Ends quietly when the peer goes.
    virtual Awaitable<> run(StreamConnection& connection) = 0;

    // While it runs, without input: the peer has sent its FIN. It may be gone, or may have closed
    // its half only; send something soon to find out which.
    virtual void peer_finished() {}
};

// The body of an answer to HEAD: it frames as a stream does, and opens nothing.
class HeadOnly final : public StreamBody {
  public:
    Awaitable<> run(StreamConnection&) override { co_return; }
};

}  // namespace onlooker::http
