// How the kernel finds out that a peer has vanished while nothing is under way to it: by keep-alive
// probes, after 35 to 50 s. One that does not acknowledge what it is sent is noticed by whoever
// sends, in Channel and SlowWire.
//
// TCP_USER_TIMEOUT would do that too, but strikes the living: a peer whose window stays smaller
// than a segment, since it reads slowly, is fed by the kernel's window probes, and Linux counts all
// the time in which it probes, whatever is acknowledged meanwhile (tcp_probe_timer). It also
// overrides the count of keep-alive probes.
//
// Of TCP alone. Thread: any. An option that a kernel refuses costs its benefit, never the
// connection.
#pragma once

namespace onlooker::http {

// To a socket that listens: Linux gives each connection a copy of its options (tcp_v4_syn_recv_sock
// clones it), so that they cost no connection a call. TCP_NODELAY is one more of them.
void prepare_to_accept(int listening_socket) noexcept;

// To one that was accepted. Probes that are due together are lost together: of thousands in one
// tick of the kernel's timers, those that do not fit into the queue of the network device are
// dropped. So connections that began together do not probe together, and a few lost probes do no
// harm.
void spread_probes(int accepted_socket) noexcept;

}  // namespace onlooker::http
