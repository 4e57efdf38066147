"""Reads the scenario files: the part of YAML that they use, with nothing to install.

Block maps, block lists, `key: value` with plain, 'single' or "double" quoted scalars, `|` texts, comments. Anything else is
refused with its line, so that a file never means something else here than in a full YAML reader.
"""
import json
import re


class ScenarioError(Exception):
    pass


def load(path):
    with open(path, encoding="utf-8") as file:
        lines = [Line(number, text.rstrip("\n")) for number, text in enumerate(file, 1)]
    reader = Reader(path, [line for line in lines if line.text.strip() and not line.text.lstrip().startswith("#")], lines)
    value = reader.block(0)
    reader.end()
    return value


class Line:
    def __init__(self, number, text):
        self.number = number
        self.text = text
        self.indent = len(text) - len(text.lstrip(" "))
        self.content = text.strip()


class Reader:
    def __init__(self, path, lines, raw):
        self.path, self.lines, self.raw, self.at = path, lines, raw, 0

    def fail(self, line, why):
        raise ScenarioError(f"{self.path}:{line.number}: {why}: {line.content}")

    def end(self):
        if self.at < len(self.lines):
            self.fail(self.lines[self.at], "unexpected indentation")

    def block(self, indent):
        line = self.lines[self.at]
        return self.list_of(line.indent) if line.content.startswith("- ") else self.map_of(line.indent)

    def list_of(self, indent):
        items = []
        while self.at < len(self.lines) and self.lines[self.at].indent == indent:
            line = self.lines[self.at]
            if not line.content.startswith("- "):
                self.fail(line, "a list item begins with '- '")
            rest = line.content[2:].lstrip()
            if re.match(r"[\w./$-]+:(\s|$)", rest):
                # The item is a map whose first member stands behind the dash.
                line.indent = indent + len(line.content) - len(rest)
                line.content = rest
                items.append(self.map_of(line.indent))
            else:
                self.at += 1
                items.append(self.scalar(line, rest))
        return items

    def map_of(self, indent):
        members = {}
        while self.at < len(self.lines) and self.lines[self.at].indent == indent:
            line = self.lines[self.at]
            match = re.match(r"([\w./$-]+):(?:\s+(.*))?$", line.content)
            if not match:
                self.fail(line, "expected 'name: value'")
            name, rest = match.group(1), match.group(2)
            if name in members:
                self.fail(line, "this name occurs twice")
            self.at += 1
            if rest == "|":
                members[name] = self.text(line)
            elif rest:
                members[name] = self.scalar(line, rest)
            elif self.at < len(self.lines) and self.lines[self.at].indent > indent:
                members[name] = self.block(self.lines[self.at].indent)
            else:
                self.fail(line, "has no value")
        if self.at < len(self.lines) and self.lines[self.at].indent > indent:
            self.fail(self.lines[self.at], "unexpected indentation")
        return members

    def text(self, opener):
        """The literal lines below, blank ones and comments included."""
        out, width = [], None
        for line in self.raw[opener.number:]:
            indent = len(line.text) - len(line.text.lstrip(" "))
            if line.text.strip() and width is None:
                width = indent
            if line.text.strip() and indent < width:
                break
            out.append(line.text[width or 0:])
            if self.at < len(self.lines) and self.lines[self.at].number == line.number:
                self.at += 1
        return "\n".join(out).rstrip("\n") + "\n"

    def scalar(self, line, text):
        if text[0] == '"':
            return json.loads(text)
        if text[0] == "'":
            if len(text) < 2 or text[-1] != "'":
                self.fail(line, "unfinished quotes")
            return text[1:-1].replace("''", "'")
        if text[0] in "[{&*!|>%@`":
            self.fail(line, "this YAML is not used here")
        if re.fullmatch(r"-?\d+", text):
            return int(text)
        if text in ("true", "false"):
            return text == "true"
        return text
