#!/usr/bin/env python3
"""Installs onlooker into an empty folder, and looks at what is there: manual, configuration, units,
completions in the shells that read them."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PREFIX = os.environ["TEST_PREFIX"]
DATADIR = os.environ["TEST_DATADIR"]
SYSCONFDIR = os.environ["TEST_SYSCONFDIR"]
UNIT_DIR = os.environ["TEST_UNIT_DIR"]
PAGES = ["man1/onlooker.1", "man5/onlooker.conf.5", "man7/onlooker-drivers.7"]


def run(*command, **options):
    """What it wrote, to both of its outputs; it must succeed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, text=True, **options)
    if done.returncode != 0:
        raise AssertionError("%s ended with %d: %s" % (command, done.returncode, done.stdout))
    return done.stdout


def needs(program):
    return unittest.skipUnless(shutil.which(program), "there is no %s" % program)


def setUpModule():
    folder = tempfile.TemporaryDirectory(prefix="onlooker-installation-")
    unittest.addModuleCleanup(folder.cleanup)
    Installation.root = os.path.join(folder.name, "root")
    run("meson", "install", "--no-rebuild", "--quiet", "--destdir", Installation.root,
        "-C", os.environ["TEST_BUILD"])


class Installation(unittest.TestCase):
    root = None

    def path(self, *parts):
        return self.root + os.path.join(*parts)

    def text(self, *parts):
        with open(self.path(*parts), encoding="utf-8") as file:
            return file.read()

    def folder(self):
        folder = tempfile.TemporaryDirectory(prefix="onlooker-installation-")
        self.addCleanup(folder.cleanup)
        return folder.name

    def files(self, *parts):
        folder = self.path(*parts)
        return sorted(os.path.relpath(os.path.join(place, name), folder)
                      for place, _, names in os.walk(folder) for name in names)



class Files(Installation):
    def test_every_file_is_where_it_belongs(self):
        self.assertEqual(os.listdir(self.path(PREFIX, "bin")), ["onlooker"])
        self.assertEqual(self.files(SYSCONFDIR, "onlooker"), ["onlooker.conf"])
        shared = self.files(DATADIR)
        documents = [name for name in shared if name.startswith("doc/onlooker/")]
        self.assertEqual(
            [name for name in shared if name not in documents],
            sorted(["bash-completion/completions/onlooker", "fish/vendor_completions.d/onlooker.fish",
                    "zsh/site-functions/_onlooker"] + ["man/" + page for page in PAGES]))
        for name in ["README.md", "CHANGELOG.md", "drivers.md", "docs/README.md", "docs/nginx.md",
                     "docs/grafana/onlooker.json", "examples/onlooker.conf",
                     "examples/camera_breathing.cpp", "examples/avahi/onlooker.service"]:
            self.assertIn("doc/onlooker/" + name, documents)
        self.assertFalse([name for name in documents if name.endswith(".in")])
        for name in self.files(os.environ["TEST_MODULE_DIR"]):
            self.assertRegex(name, r"^(camera|onlooker)_\w+\.so$")

    @unittest.skipUnless(UNIT_DIR, "this build has no units")
    def test_the_units_name_what_is_installed(self):
        self.assertEqual(self.files(UNIT_DIR), ["onlooker.service", "onlooker.socket"])
        self.assertEqual(self.files(PREFIX, "lib/sysusers.d"), ["onlooker.conf"])
        unit = self.text(UNIT_DIR, "onlooker.service")
        program, _, config = re.search(r"^ExecStart=(\S+) (\S+) (\S+)", unit, re.M).groups()
        self.assertTrue(os.access(self.path(program), os.X_OK), program)
        self.assertTrue(os.path.isfile(self.path(config)), config)
        for name, section in re.findall(r"man:([\w.-]+)\((\d)\)", unit):
            self.assertTrue(os.path.isfile(self.path(DATADIR, "man/man%s/%s.%s" % (section, name,
                                                                                 section))), name)

    def test_nothing_is_left_to_be_filled_in(self):
        for name in [DATADIR + "/man/" + page for page in PAGES] + [SYSCONFDIR + "/onlooker/onlooker.conf"]:
            self.assertNotRegex(self.text(name), r"@\w+@", name)

    def test_links_of_documents_lead_somewhere(self):
        for name in self.files(DATADIR, "doc/onlooker/docs"):
            if not name.endswith(".md"):
                continue
            place = os.path.join(DATADIR, "doc/onlooker/docs", name)
            for link in re.findall(r"\]\(([^)#:]+)[^):]*\)", self.text(place)):
                target = self.path(os.path.dirname(place), link)
                self.assertTrue(os.path.exists(target), "%s: %s" % (name, link))


class Configuration(Installation):
    def test_it_is_good(self):
        said = run(self.path(PREFIX, "bin/onlooker"), "--check-config", "--config",
                   self.path(SYSCONFDIR, "onlooker/onlooker.conf"))
        self.assertRegex(said, r"^ok: http://")
        self.assertIn("emulated", said)

    def test_what_somebody_has_written_is_kept(self):
        fresh = self.path(DATADIR, "doc/onlooker/examples/onlooker.conf")
        own = os.path.join(self.folder(), "etc/onlooker/onlooker.conf")
        environment = {name: value for name, value in os.environ.items() if name != "DESTDIR"}
        script = os.path.join(ROOT, "packaging/install_configuration.sh")
        run(script, fresh, own, env=environment)
        with open(own, encoding="utf-8") as file:
            self.assertEqual(file.read(), self.text(DATADIR, "doc/onlooker/examples/onlooker.conf"))
        with open(own, "w", encoding="utf-8") as file:
            file.write("camera = testcard\n")
        run(script, fresh, own, env=environment)
        with open(own, encoding="utf-8") as file:
            self.assertEqual(file.read(), "camera = testcard\n")
        # A package's folder has what the package brings.
        run(script, fresh, "/onlooker.conf", env={**environment, "DESTDIR": os.path.dirname(own)})
        with open(own, encoding="utf-8") as file:
            self.assertIn("# TCP port to listen on.", file.read())


class Pages(Installation):
    @needs("mandoc")
    def test_mandoc_has_nothing_to_say(self):
        for page in PAGES:
            self.assertEqual(run("mandoc", "-T", "lint", "-W", "warning", self.path(DATADIR, "man", page)), "")

    @needs("man")
    def test_groff_has_nothing_to_say(self):
        for page in PAGES:
            done = subprocess.run(["man", "--warnings", "-l", self.path(DATADIR, "man", page)],
                                  env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("onlooker", done.stdout)


class Completions(Installation):
    """Each of the shells is asked the same."""
    shell = None

    def check(self):
        self.assertEqual(self.ask("--log"), {"--log-level", "--logins-need-tls"})
        self.assertEqual(self.ask("--log-level", "w"), {"warning"})
        self.assertEqual(self.ask("--subsampling", "4"), {"420", "422", "444"})
        self.assertEqual(self.ask("--camera", "li"), {"libcamera"})
        self.assertEqual(self.ask("to"), {"token"})
        self.assertEqual(self.ask("user", "re"), {"remove"})
        self.assertEqual(self.ask("user", "add", "--sc"), {"--scope"})
        self.assertEqual(self.ask("user", "add", "anna", "--scope", "ad"), {"admin"})
        self.assertEqual(self.ask("link", "--re"), {"--revoke"})
        folder = self.folder()
        open(os.path.join(folder, "my.conf"), "w", encoding="ascii").close()
        os.mkdir(os.path.join(folder, "modules"))
        for option, beginning, expected in [("--config", "my", "my.conf"), ("--users", "my", "my.conf"),
                                            ("--driver-dir", "m", "modules")]:
            found = self.ask(option, os.path.join(folder, beginning))
            self.assertEqual({os.path.basename(name.rstrip("/")) for name in found}, {expected})

    def completions(self, *parts):
        return self.path(DATADIR, *parts)

    @needs("bash")
    @unittest.skipUnless(os.path.exists("/usr/share/bash-completion/bash_completion"),
                         "there is no bash-completion")
    def test_bash(self):
        script = self.completions("bash-completion/completions/onlooker")

        # Where bash ends words: "--log-level=in" is three of them.
        def ask(*words):
            words = ("onlooker",) + words
            return set(run("bash", "--norc", "-c", '''
source /usr/share/bash-completion/bash_completion
source "$1"
COMP_LINE=$2
shift 2
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
COMP_POINT=${#COMP_LINE}
"$(complete -p onlooker | sed 's/.*-F \\(\\S*\\).*/\\1/')" onlooker
printf '%s\\n' "${COMPREPLY[@]}"
''', "bash", script, " ".join(words).replace(" = ", "="), *words).split())

        self.ask = ask
        self.check()
        self.assertEqual(self.ask("--log-level", "=", "in"), {"info"})
        self.assertEqual(self.ask("--camera", "bed", "=", "v4"), {"v4l2"})

    @needs("fish")
    def test_fish(self):
        # By itself fish reads it only where there is a command of its name.
        script = self.completions("fish/vendor_completions.d/onlooker.fish")
        home = self.folder()

        def ask(*words):
            answer = run("fish", "--no-config", "-c",
                         "source %s; complete -C 'onlooker %s'" % (script, " ".join(words)), env={**os.environ, "HOME": home})
            return {line.split("\t")[0] for line in answer.splitlines()}

        self.ask = ask
        self.check()

    @needs("zsh")
    def test_zsh(self):
        folder = self.completions("zsh/site-functions")
        home = self.folder()
        with open(os.path.join(home, "setup"), "w", encoding="utf-8") as file:
            file.write(ZSH_SETUP % folder)

        def ask(*words):
            found = os.path.join(home, "found")
            open(found, "w", encoding="ascii").close()
            run("zsh", "-f", "-c", ZSH_ASK, "zsh", "onlooker " + " ".join(words),
                env={**os.environ, "HOME": home, "TERM": "dumb"})
            with open(found, encoding="utf-8") as file:
                *words, end = file.read().split()
            self.assertEqual(end, "end.")
            return set(words)

        self.ask = ask
        self.check()


# For a shell in a terminal of its own, where alone zsh completes: what it finds goes into a file.
ZSH_SETUP = r"""
fpath=(%s $fpath)
autoload -Uz compinit
compinit -u -d ~/dump
compadd() {
    if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
        local -a hits
        builtin compadd -O hits "$@"
        print -rl -- $hits >>~/found
    fi
    builtin compadd "$@"
}
finish() { print end. >>~/found }
comppostfuncs=(finish)
zstyle ':completion:*' insert-tab false
PS1=
"""
ZSH_ASK = r"""
zmodload zsh/zpty zsh/zselect
zpty shell zsh -f -i
zpty -w shell 'source ~/setup; print read''y.'
zpty -r shell said '*ready.*'
zpty -w -n shell "$1"$'\t'
for ((i = 0; i < 500; ++i)); do
    [[ $(<~/found) == *end. ]] && break
    zselect -t 2
done
zpty -d shell
"""

if __name__ == "__main__":
    unittest.main(verbosity=2)
