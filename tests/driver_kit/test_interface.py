#!/usr/bin/env python3
"""The number of the driver interface stands for the headers as they are, and interface.py notices when
it no longer does.
"""
import os
import shutil
import tempfile
import unittest

import interface

INCLUDE = os.environ["TEST_INCLUDE"]


class DriverInterface(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory(prefix="onlooker-interface-")
        self.addCleanup(work.cleanup)
        self.include = os.path.join(work.name, "include")
        shutil.copytree(INCLUDE, self.include)

    def change(self, header, old, new):
        path = os.path.join(self.include, header)
        text = interface.read(path)
        self.assertIn(old, text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new, 1))
        return interface.complaint(self.include)

    def test_the_headers_are_those_that_the_number_stands_for(self):
        self.assertEqual(interface.complaint(INCLUDE), "")

    def test_a_member_that_is_added_asks_for_another_number(self):
        words = self.change("camera/driver.hpp", "struct DriverEntry {", "struct DriverEntry { int more;")
        self.assertIn("camera/driver.hpp. A module that was built before", words)
        self.assertIn("Raise the number", words)

    def test_any_header_of_the_kit_counts(self):
        words = self.change("media/raw_image.hpp", "struct RawImage {", "struct RawImage { int more;")
        self.assertIn("has changed: media/raw_image.hpp. A module", words)

    def test_a_header_that_comes_or_goes_counts(self):
        os.rename(os.path.join(self.include, "base/pace.hpp"),
                  os.path.join(self.include, "base/peace.hpp"))
        self.assertIn("has changed: base/pace.hpp, base/peace.hpp. A module",
                      interface.complaint(self.include))

    def test_comments_and_white_space_do_not_count(self):
        self.assertEqual(self.change("camera/driver.hpp", "struct DriverEntry {",
                                     "// How it is.\nstruct  DriverEntry /* so\n */\n{ // and so"), "")

    def test_a_new_number_is_to_be_written_down(self):
        number, _ = interface.interface_of(INCLUDE)
        self.change("camera/driver.hpp", "struct DriverEntry {", "struct DriverEntry { int more;")
        words = self.change("camera/driver.hpp", '"onlooker driver %d, "' % number,
                            '"onlooker driver %d, "' % (number + 1))
        self.assertIn("driver_interface is %d now. Write that down" % (number + 1), words)


class Tokens(unittest.TestCase):
    def same(self, one, other):
        return interface.digest(one) == interface.digest(other)

    def test_what_looks_like_a_comment_in_a_string_is_none(self):
        self.assertFalse(self.same('a = "// one";', 'a = "// two";'))
        self.assertFalse(self.same('a = R"x(/* one )" */)x";', 'a = R"x(/* two )" */)x";'))
        self.assertFalse(self.same("a = '\"'; // one\nb;", "a = '\"'; // one\nc;"))

    def test_separators_of_digits_begin_no_character(self):
        self.assertTrue(self.same("a = 1'000; // don't\nb = 2'000;", "a = 1'000;\n\nb = 2'000; // do"))
        self.assertFalse(self.same("a = 1'000;", "a = 1'001;"))

    def test_a_directive_ends_with_its_line(self):
        self.assertFalse(self.same("#define A\nB", "#define A B\n"))
        self.assertTrue(self.same("#define A \\\n  B\nC", "  #define A B // so\n C"))

    def test_words_that_grow_together_are_another_word(self):
        self.assertFalse(self.same("unsigned a", "unsigneda"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
