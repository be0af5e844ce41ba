# SPDX-License-Identifier: Apache-2.0
"""Whether a CI service would take a file, by what the service says of itself (tests/docs/data)."""

import json
import pathlib

import jsonschema

DATA = pathlib.Path(__file__).parent / "data"
GITHUB = json.loads((DATA / "github-workflow.json").read_text())
GITLAB = jsonschema.Draft7Validator(json.loads((DATA / "gitlab-ci.json").read_text()))
NUMBER = (int, float)
SCALARS = {"string": (str, *NUMBER), "boolean": bool, "number": NUMBER, "null": type(None)}


def gitlab_refuses(document):
    """What is wrong with a .gitlab-ci.yml, a line each."""
    return [f"{error.json_path}: {error.message}" for error in GITLAB.iter_errors(document)]


def github_refuses(document):
    """What is wrong with a workflow, a line each. YAML 1.1 reads the key `on` as true."""
    named = {"on" if key is True else key: value for key, value in document.items()}
    return list(_wrong("workflow-root-strict", named, "$"))


def _wrong(name, value, where):
    """By GitHub's own grammar: a definition is a scalar, a mapping, a sequence or one of others."""
    if name in ("any", "scalar"):
        return
    rule = GITHUB.get(name, {name: {}})
    kind, body = next(iter(rule.items()))
    if kind == "one-of":
        tried = [list(_wrong(each, value, where)) for each in body]
        if all(tried):
            yield from min(tried, key=len)
    elif kind == "allowed-values":
        if value not in body:
            yield f"{where}: {value!r} is none of {body}"
    elif kind == "mapping":
        yield from _wrong_mapping(body, value, where)
    elif kind == "sequence":
        if not isinstance(value, list):
            yield f"{where}: expected a sequence"
        else:
            for number, each in enumerate(value):
                yield from _wrong(body.get("item-type", "any"), each, f"{where}[{number}]")
    elif not isinstance(value, SCALARS[kind]):
        yield f"{where}: expected {kind}, got {value!r}"
    elif "constant" in body and value != body["constant"]:
        yield f"{where}: expected {body['constant']!r}"


def _wrong_mapping(body, value, where):
    if not isinstance(value, dict):
        yield f"{where}: expected a mapping"
        return
    known = {key: each if isinstance(each, dict) else {"type": each}
             for key, each in body.get("properties", {}).items()}  # fmt: skip
    for key, each in known.items():
        if each.get("required") and key not in value:
            yield f"{where}: {key} is missing"
    for key, each in value.items():
        if key in known:
            yield from _wrong(known[key]["type"], each, f"{where}.{key}")
        elif "loose-value-type" in body:
            yield from _wrong(body["loose-value-type"], each, f"{where}.{key}")
        else:
            yield f"{where}: {key} is unknown"
