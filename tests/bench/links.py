"""Slow links between two network namespaces of our own. Needs root; nothing outside is touched."""

import contextlib
import os
import subprocess

import servers

SEGMENT = 1448  # octets of payload in a full TCP segment
# That of Debian and Raspberry Pi OS; `run --congestion-control` sets another one.
congestion_control = 'cubic'


def ip(*words):
    subprocess.run(['ip', *words], check=True, capture_output=True, text=True)


class Link:
    """`left` is where the server is, `right` where the viewers are."""

    def __init__(self, rate, frame_octets):
        names = f'bench-{os.getpid()}-'
        self.left, self.right = names + 'left', names + 'right'
        self.host = '10.78.0.1'
        self.rate = rate
        self.payload_share = SEGMENT / frame_octets
        self.change = lambda rate: None

    def inside(self, end):
        return ['ip', 'netns', 'exec', end]

    def capacity(self):
        """Octets of payload per second that the link can carry."""
        return self.rate / 8 * self.payload_share


def use_congestion_control(end):
    """Whatever this machine's default is.

    BBR stops for a fifth of a second every ten to measure the round trip: windows of some seconds
    then differ by whether they hold such a pause.
    """
    subprocess.run(['ip', 'netns', 'exec', end, 'sh', '-c',
                    f'echo {congestion_control} >/proc/sys/net/ipv4/tcp_congestion_control'],
                   check=True)


@contextlib.contextmanager
def namespaces(link):
    try:
        for end in (link.left, link.right):
            ip('netns', 'add', end)
            ip('-n', end, 'link', 'set', 'lo', 'up')
            use_congestion_control(end)
        yield
    finally:
        for end in (link.left, link.right):
            subprocess.run(['ip', 'netns', 'del', end], stderr=subprocess.DEVNULL, check=False)


@contextlib.contextmanager
def token_bucket(rate):
    """A pair of virtual cards; the server's lets `rate` bits per second through.

    Its queue holds 400 ms, as that of a usual modem or access point does, so that it is the server
    and not the queue that decides how old a picture becomes.
    """
    link = Link(rate, 1514)
    with namespaces(link):
        ip('link', 'add', 'line', 'netns', link.left, 'type', 'veth', 'peer', 'name', 'line',
           'netns', link.right)
        for end, address in ((link.left, '10.78.0.1/30'), (link.right, '10.78.0.2/30')):
            ip('-n', end, 'addr', 'add', address, 'dev', 'line')
            ip('-n', end, 'link', 'set', 'line', 'up')

        def shape(verb, rate):
            link.rate = rate
            subprocess.run(link.inside(link.left) + [
                'tc', 'qdisc', verb, 'dev', 'line', 'root', 'tbf', 'rate', f'{int(rate)}bit',
                'burst', '10kb', 'latency', '400ms'], check=True)

        shape('add', rate)
        link.change = lambda rate: shape('change', rate)
        yield link


@contextlib.contextmanager
def delay_line(bench, rate, one_way_ms, seconds, then=None):
    """A rate and a delay, by a program that carries the packets. `then`: (rate, after seconds)."""
    link = Link(rate, 1500)
    with namespaces(link):
        command = servers.pinned(servers.LOAD_CORE, [
            str(bench.programs / 'delayline'), '--left', link.left, '--right', link.right,
            '--rate', str(rate), '--delay-ms', str(one_way_ms), '--seconds', str(seconds)])
        if then:
            command += ['--then-rate', str(then[0]), '--then-after', str(then[1])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            if process.stdout.readline().strip() != 'ready':
                raise RuntimeError('delayline did not start')
            for end, address in ((link.left, '10.78.0.1/30'), (link.right, '10.78.0.2/30')):
                ip('-n', end, 'addr', 'add', address, 'dev', 'line')
                ip('-n', end, 'link', 'set', 'line', 'up')
            if then:
                link.rate = then[0]
            yield link
        finally:
            process.terminate()
            process.wait()


def missing():
    """Why links cannot be made here; None when they can."""
    if os.geteuid() != 0:
        return 'needs root'
    for path in ('/dev/net/tun', '/sbin/tc', '/sbin/ip'):
        if not os.path.exists(path):
            return path + ' is missing'
    with open('/proc/sys/net/ipv4/tcp_available_congestion_control', encoding='ascii') as controls:
        if congestion_control not in controls.read().split():
            return f'the kernel has no {congestion_control}: modprobe tcp_{congestion_control}'
    # Outside the first namespace a control must be one that everybody may use.
    allowed = '/proc/sys/net/ipv4/tcp_allowed_congestion_control'
    with open(allowed, encoding='ascii') as controls:
        if congestion_control not in controls.read().split():
            return f'namespaces may not use {congestion_control}: add it to {allowed}'
    return None
