# Copyright the iflearnerctl authors.
# SPDX-License-Identifier: Apache-2.0
"""Checks manifests against the strict schemas that the kubernetes-validate of this environment holds.

Run by scripts/validate-manifests, once in each of its two environments:
validate_manifests.py to-1.24|from-1.25 FOLDER... | --versions
"""
import json
import pathlib
import re
import sys
import sysconfig

import jsonschema
import yaml

SCHEMAS = pathlib.Path(sysconfig.get_paths()["purelib"]) / "kubernetes_validate" / "kubernetes-json-schema"
OLDEST = (1, 18)
REFERENCE = re.compile(r'"\$ref": "[^"#]*#/(?:definitions|\$defs)/([^"]+)"')


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML as the API server's clients read it, but a repeated key is an error."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, "repeated key %r" % name, key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


# "=" is text.
Loader.add_constructor("tag:yaml.org,2002:value", yaml.SafeLoader.construct_yaml_str)


def numbers(version):
    return tuple(int(number) for number in version.split("."))


def known_versions():
    """The minor versions this environment answers for, and the folder of each one's strict schemas."""
    found = {}
    for folder in SCHEMAS.glob("v*-local-strict"):
        minor = re.match(r"v(\d+\.\d+)", folder.name).group(1)
        if numbers(minor) >= OLDEST:
            found[minor] = folder
    return found


class Kubernetes:
    """The schemas of one version."""

    def __init__(self, version, folder):
        self.version = version
        self.folder = folder
        self.validators = {}
        self.definitions = None
        self.seen = set()

    def inlined(self, schema):
        """The schema and the definitions that it reaches, as one: references inside one schema are resolved in no time.

        The releases write references in two ways, to "definitions" and to "$defs" of _definitions.json.
        """
        if self.definitions is None:
            whole = json.loads((self.folder / "_definitions.json").read_text())
            self.definitions = whole.get("$defs") or whole["definitions"]
        reached, wanted = {}, [schema]
        while wanted:
            for name in REFERENCE.findall(json.dumps(wanted.pop())):
                if name not in reached:
                    reached[name] = self.definitions[name]
                    wanted.append(reached[name])
        one = json.dumps({key: value for key, value in dict(schema, **{"$defs": reached}).items() if key != "$id"})
        return json.loads(REFERENCE.sub(r'"$ref": "#/$defs/\1"', one))

    def is_new(self, document):
        """False for a document that was checked before: most objects of two renderings are the same."""
        text = json.dumps(document, sort_keys=True, default=str)
        if text in self.seen:
            return False
        self.seen.add(text)
        return True

    def validator(self, api_version, kind):
        """The validator of a kind of Kubernetes itself; None where this version does not serve it."""
        key = (api_version, kind)
        if key not in self.validators:
            group, _, version = api_version.rpartition("/")
            name = "%s-%s%s.json" % (kind.lower(), group.split(".")[0] + "-" if group else "", version)
            path = self.folder / name
            validator = None
            if path.exists():
                schema = json.loads(path.read_text())
                # The older release names no kinds in its schemas: there the file's name tells.
                served = schema.get("x-kubernetes-group-version-kind")
                if not served or any((g.get("group", ""), g["version"], g["kind"]) == (group, version, kind) for g in served):
                    validator = jsonschema.Draft202012Validator(self.inlined(schema))
            self.validators[key] = validator
        return self.validators[key]


def is_built_in(api_version):
    group = api_version.rpartition("/")[0]
    return "." not in group or group.endswith(".k8s.io")


def custom_validators(documents):
    """From CustomResourceDefinitions: (apiVersion, kind) -> validator of its structural schema."""
    found = {}
    for _, document in documents:
        if document.get("kind") == "CustomResourceDefinition":
            spec = document["spec"]
            for version in spec["versions"]:
                schema = version["schema"]["openAPIV3Schema"]
                key = ("%s/%s" % (spec["group"], version["name"]), spec["names"]["kind"])
                found[key] = jsonschema.Draft4Validator(schema)
    return found


def problems(kubernetes, documents):
    custom = custom_validators(documents)
    for place, document in documents:
        if not isinstance(document, dict) or not isinstance(document.get("apiVersion"), str) or not document.get("kind"):
            yield "%s: not an object with apiVersion and kind" % place
            continue
        api_version, kind = document["apiVersion"], document["kind"]
        name = "%s %s/%s" % (place, kind, (document.get("metadata") or {}).get("name"))
        if is_built_in(api_version):
            validator = kubernetes.validator(api_version, kind)
            if validator is None:
                yield "%s: Kubernetes %s does not serve %s %s" % (name, kubernetes.version, api_version, kind)
                continue
        else:
            validator = custom.get((api_version, kind))
            if validator is None:
                yield "%s: no CustomResourceDefinition of %s %s beside it" % (name, api_version, kind)
                continue
        if not kubernetes.is_new(document):
            continue
        for error in validator.iter_errors(document):
            yield "%s: %s: %s" % (name, ".".join(str(step) for step in error.absolute_path) or "(root)", error.message[:500])


def main(environment, arguments):
    versions = known_versions()
    if arguments == ["--versions"]:
        print("\n".join(sorted(versions, key=numbers)))
        return 0
    # What belongs to the other environment is left to it; what belongs to none is told by the newer one.
    mine = (lambda minor: minor < (1, 25)) if environment == "to-1.24" else (lambda minor: minor >= (1, 25))
    checked, failed, unchecked = 0, 0, 0
    for argument in arguments:
        folder = pathlib.Path(argument)
        parts = [part for part in sorted(folder.glob("*")) if re.fullmatch(r"\d+\.\d+", part.name)]
        if not parts:
            print("validate-manifests: %s holds no folder named after a Kubernetes version" % folder, file=sys.stderr)
            return 2
        for part in parts:
            if not mine(numbers(part.name)):
                continue
            if part.name not in versions:
                print("validate-manifests: no schemas of Kubernetes %s" % part.name, file=sys.stderr)
                unchecked += 1
                continue
            kubernetes = Kubernetes(part.name, versions[part.name])
            # One folder is one rendering: a CustomResourceDefinition in it counts for all files of that folder.
            for rendering in sorted({path.parent for path in part.rglob("*.yaml")}):
                documents = []
                for path in sorted(rendering.glob("*.yaml")):
                    try:
                        found = list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=Loader))
                    except yaml.YAMLError as error:
                        print("%s: %s" % (path, error))
                        failed += 1
                        continue
                    documents += [("%s#%d" % (path, index), document) for index, document in enumerate(found) if document is not None]
                for problem in problems(kubernetes, documents):
                    print(problem)
                    failed += 1
                checked += len(documents)
    print("validate-manifests %s: %d objects, %d problems" % (environment, checked, failed), file=sys.stderr)
    return 1 if failed else 2 if unchecked else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
