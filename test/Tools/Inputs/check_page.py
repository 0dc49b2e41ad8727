"""Checks that an HTML file is well formed, complete and self-contained.

    check_page.py PAGE.html

Every element is closed in order, there is one heading of the first level, every
column of a table has a heading, rows are as long as their head, and nothing
refers to anything outside of the file.
"""

import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.problems = []
        self.elements = {}
        self.columns = None
        self.cells = 0

    def handle_starttag(self, tag, attributes):
        self.elements[tag] = self.elements.get(tag, 0) + 1
        for key, value in attributes:
            if key in ("src", "href", "srcset", "action") or key.startswith("on"):
                self.problems.append(f"<{tag} {key}={value!r}>")
        if tag == "table":
            self.columns = None
        if tag == "tr":
            self.cells = 0
        if tag in ("td", "th"):
            self.cells += 1
        if tag == "th" and "scope" not in dict(attributes):
            self.problems.append("a heading of a table without scope")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-3:]}, {self.getpos()}")
            return
        self.open.pop()
        if tag == "tr":
            self.columns = self.columns or self.cells
            if self.cells != self.columns:
                self.problems.append(f"a row of {self.cells} cells, not {self.columns}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    problems = page.problems
    if page.open:
        problems.append(f"never closed: {page.open}")
    for wanted in ("html", "head", "title", "body", "main", "h1", "table", "caption"):
        if wanted not in page.elements:
            problems.append(f"no <{wanted}>")
    if page.elements.get("h1") != 1:
        problems.append("not one <h1>")
    if not text.startswith("<!DOCTYPE html>") or '<html lang="' not in text:
        problems.append("no doctype or no language")
    for forbidden in ("script", "link", "iframe", "object", "img"):
        if forbidden in page.elements:
            problems.append(f"a <{forbidden}>")
    outside = re.search(r"https?:|//[a-z]|url\(|@import", text)
    if outside:
        problems.append(f"refers to something outside: {outside[0]}")
    if problems:
        sys.exit("\n".join(problems))
    print("page checked:", page.elements["tr"], "rows")


if __name__ == "__main__":
    main()
