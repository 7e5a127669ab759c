#!/usr/bin/env python3
"""sbom.py VERSION BUILDINFO...: the bill of materials of a release, as CycloneDX 1.5 on standard output.

Each BUILDINFO (deb-buildinfo(5)) says what was built and what was installed when it was. Of the latter
those are listed that become part of the programs or are loaded by them: the libraries that
debian/control names. Tools and what they pull in are left out.
"""
import json
import os
import re
import sys
import urllib.parse
import uuid

CONTROL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "debian", "control")
TOOLS = {"debhelper-compat", "dh-sequence-installsysusers", "meson", "pkgconf", "python3", "doctest-dev"}


def fields(text):
    """{name: value} of one paragraph of control data (deb-control(5)), lines of a value joined."""
    found = {}
    name = None
    for line in text.splitlines():
        if line.startswith((" ", "\t")) and name:
            found[name] += "\n" + line.strip()
        elif ":" in line and not line.startswith("#"):
            name, value = line.split(":", 1)
            found[name] = value.strip()
    return found


def libraries():
    """The packages with which onlooker is compiled."""
    with open(CONTROL, encoding="utf-8") as control:
        needed = fields(control.read().split("\n\n")[0])["Build-Depends"]
    names = {re.match(r"[a-z0-9.+-]*", entry.strip()).group() for entry in needed.split(",")}
    return names - TOOLS - {""}


def debian_release(version):
    found = re.search(r"~deb(\d+)u", version)
    return {"12": "bookworm", "13": "trixie"}.get(found.group(1) if found else "12", "sid")


def built(path, wanted):
    """What one build made and the libraries that it made it of."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.startswith("-----BEGIN PGP"):
        text = text.split("\n\n", 1)[1]
    build = fields(text)
    release = debian_release(build["Version"])
    architecture = next(word for word in build["Architecture"].split() if word != "source")
    parts = []
    for entry in build["Installed-Build-Depends"].split(","):
        match = re.match(r"\s*([a-z0-9.+-]+)(?::\S+)? \(= (\S+)\)", entry)
        if not match or match.group(1) not in wanted:
            continue
        name, version = match.groups()
        parts.append({
            "type": "library", "name": name, "version": version,
            "purl": "pkg:deb/debian/%s@%s?arch=%s&distro=%s"
                    % (name, urllib.parse.quote(version, safe=""), architecture, release),
        })
    for part in parts:
        part["bom-ref"] = part["purl"]
    name = "%s for Debian %s, %s" % (build["Binary"].replace("\n", " "), release, architecture)
    return {"type": "application", "name": name, "version": build["Version"],
            "bom-ref": os.path.basename(path)}, parts


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.splitlines()[0])
    version, *paths = sys.argv[1:]
    wanted = libraries()
    programs, all_parts, dependencies = [], {}, []
    for path in paths:
        program, parts = built(path, wanted)
        programs.append(program)
        all_parts.update({part["bom-ref"]: part for part in parts})
        dependencies.append({"ref": program["bom-ref"],
                             "dependsOn": sorted({part["bom-ref"] for part in parts})})
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        # Of what it lists, so that the same release has the same document.
        "serialNumber": "urn:uuid:%s" % uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(
            ["onlooker " + version, *sorted(all_parts), *sorted(one["name"] for one in programs)])),
        "metadata": {"component": {
            "type": "application", "name": "onlooker", "version": version, "bom-ref": "onlooker",
            "licenses": [{"license": {"id": "MIT"}}]}},
        "components": programs + [all_parts[ref] for ref in sorted(all_parts)],
        "dependencies": [{"ref": "onlooker", "dependsOn": [one["bom-ref"] for one in programs]},
                         *dependencies],
    }
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
