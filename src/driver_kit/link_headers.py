#!/usr/bin/env python3
"""Makes a folder, afresh each time, that holds links to some headers, each under its path.

    link_headers.py FROM FOLDER HEADER...
"""

import os
import shutil
import sys


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    source, folder, headers = sys.argv[1], sys.argv[2], sys.argv[3:]
    shutil.rmtree(folder, ignore_errors=True)
    for header in headers:
        link = os.path.join(folder, header)
        os.makedirs(os.path.dirname(link), exist_ok=True)
        os.symlink(os.path.join(source, header), link)


main()
