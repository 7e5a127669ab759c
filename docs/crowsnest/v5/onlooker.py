"""`mode: onlooker` for Crowsnest 5: goes into its folder crowsnest/components/streamer/.

Crowsnest 5 loads the file that has the mode's name, so nothing else of it changes.
"""
import re
import shlex

from ... import utils
from .streamer import Streamer


class Onlooker(Streamer):
    keyword = "onlooker"
    binary_names = ["onlooker"]
    binary_paths = ["bin/onlooker"]

    def camera(self):
        """What stands behind --camera."""
        device = self.parameters["device"]
        if device.startswith("/base/"):
            spec = "libcamera:" + device
        elif device.startswith("/dev/"):
            spec = "v4l2:" + device
        else:
            spec = device  # any other of onlooker's: relay:http://192.0.2.7/stream
        if re.fullmatch(r"[A-Za-z0-9_-]{1,32}", self.name):
            spec = self.name + "=" + spec
        spec += ",size=" + "x".join(self.parameters["resolution"])
        spec += ",fps=%d" % self.parameters["max_fps"]
        for control in self.parameters["v4l2ctl"].split(","):
            if control.strip():
                spec += ",ctrl." + control.strip().replace(" ", "")
        return spec

    def arguments(self):
        arguments = ["--port", str(self.parameters["port"]), "--camera", self.camera()]
        # Pages from any host show the picture, as they do with Crowsnest's uStreamer.
        arguments += ["--allow-origin", "*"]
        if self.parameters["no_proxy"]:
            arguments += ["--host", "0.0.0.0", "--public"]
            self.log_info("Set to 'no_proxy' mode! Using 0.0.0.0!")
        else:
            arguments += ["--host", "127.0.0.1"]
        return arguments + self.parameters["custom_flags"].split()

    async def execute(self, lock):
        command = shlex.join([self.binary_path, *self.arguments()])
        prefix = self.keyword + " "
        self.log_debug("Parameters: " + shlex.join(self.arguments()), prefix=prefix)
        process, _, _ = await utils.execute_command(
            command,
            info_log_pre=prefix,
            info_log_func=self.log_debug,
            error_log_pre=prefix,
            error_log_func=self.log_debug,
        )
        if lock.locked():
            lock.release()
        return process


def load_streamer():
    return Onlooker.binary_names, Onlooker.binary_paths


def load_component(name, config_section):
    return Onlooker(name, config_section)
