#!/usr/bin/env python3
"""Checks workload.schema.json against the conformance cases with a validator that is not ours.

Needs the packages jsonschema and PyYAML. Every document of a valid case must be accepted; every invalid case
must be refused if one of its diagnostics is of a kind that a schema can express.
"""

import json
import pathlib
import re
import sys

import jsonschema
import yaml

HERE = pathlib.Path(__file__).parent
CASES = HERE / "conformance"

# The codes whose rule a schema can express.
EXPRESSIBLE = {
    "E0201", "E0202", "E0204", "E0206", "E0207", "E0301", "E0302", "E0303", "E0304", "E0305", "E0306", "E0307",
    "E0308", "E0309", "E0310", "E0311", "E0312", "E0313", "E0407",
}

# Cases of such a code that lie beyond a schema: what is written is lost when YAML is read as numbers, the
# text only turns wrong when variables are filled in, or the rule is about more than the form of a text or of
# one file.
BEYOND = {
    "bad-boolean-case", "bad-duration-long", "bad-duration-twice", "bad-image-registry-port", "bad-integer-hex",
    "bad-integer-octal", "bad-integer-octal-prefix", "bad-integer-plus", "bad-quantity-cpu-fine",
    "bad-quantity-huge", "bad-quantity-zero", "empty-program", "interpolated-type-is-wrong",
    "interpolated-value-is-wrong", "out-of-range-interval",
}


class Loader(yaml.SafeLoader):
    """Reads scalars by the core schema of YAML 1.2, as editors do."""


Loader.yaml_implicit_resolvers = {}
for tag, expression, first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
     "-+.0123456789"),
    ("merge", r"<<", "<"),
]:
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{expression})$"), list(first))


def integer(loader, node):
    text = loader.construct_scalar(node)
    bases = {"0o": 8, "0x": 16}
    return int(text[2:], bases[text[:2]]) if text[:2] in bases else int(text)


Loader.add_constructor("tag:yaml.org,2002:int", integer)


def documents(path):
    return [item for item in yaml.load_all(path.read_bytes(), Loader) if item is not None]


def codes(path):
    expected = path.with_suffix(".expected")
    return {line.split()[0] for line in expected.read_text().splitlines()} if expected.exists() else set()


def main():
    schema = json.loads((HERE / "workload.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    failures = []
    unread = []
    accepted = refused = 0
    for path in sorted((CASES / "valid").glob("*.yaml")):
        try:
            items = documents(path)
        except yaml.YAMLError as error:
            # PyYAML reads less of YAML than libyaml does.
            unread.append(f"{path.name}: {error.args[0] if error.args else error}")
            continue
        for document in items:
            errors = list(validator.iter_errors(document))
            accepted += not errors
            failures += [f"{path.name} is refused: {error.json_path}: {error.message}" for error in errors]
    for path in sorted((CASES / "invalid").glob("*.yaml")):
        if not codes(path) & EXPRESSIBLE:
            continue
        try:
            is_refused = not all(validator.is_valid(document) for document in documents(path))
        except yaml.YAMLError:
            is_refused = True
        refused += is_refused
        if is_refused == (path.stem in BEYOND):
            failures.append(f"{path.name} is {'refused after all' if is_refused else 'accepted'}")
    for note in unread:
        print(f"not read by PyYAML: {note}")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{accepted} documents accepted, {refused} cases refused, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
