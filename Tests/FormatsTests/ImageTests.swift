// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import Testing

private let digest = "sha256:" + String(repeating: "a", count: 64)

@Suite struct `Image references` {
    @Test(arguments: [
        ("python", "docker.io/library/python"),
        ("docker.io/python:3.9", "docker.io/library/python:3.9"),
        ("index.docker.io/python", "docker.io/library/python"),
        ("iflytek/iflearner@\(digest)", "docker.io/iflytek/iflearner@\(digest)"),
        ("GHCR.io/iflytek/x", "ghcr.io/iflytek/x"),
        ("localhost/x", "localhost/x"),
        ("myhost:5000/x:1@\(digest)", "myhost:5000/x:1@\(digest)"),
    ])
    func `are written out in full as runtimes read them`(_ text: String, _ full: String) {
        #expect(ImageName(text)?.reference == full)
    }

    @Test(arguments: [
        "", "/", "a/../b", "ghcr.io/iflytek/../x", "ghcr.io/./x", "ghcr.io//x", "user@ghcr.io/x", "user:pw@ghcr.io/x",
        "ghcr.io/Iflytek/x", "ghcr.io./x", "ghcr.io:+80/x", "ghcr.io:/x", "ghcr.io/x\n", "ghcr.io/x\u{0}",
        "\u{212A}.io/x",
        "ghcr.io/x?y", "ghcr.io/x#y", "ghcr.io\\x", "ghcr.io/%2e%2e/x", "x@md5:00", "x@\(digest)0", "[::1]:5000/x",
    ])
    func `with tricks are none`(_ text: String) {
        #expect(ImageName(text) == nil)
    }
}

@Suite struct `Mirrors` {
    private static let both = ImageMirrors(
        registry: "harbor.example/fl/", mirrors: ["GHCR.io": "harbor.example/ghcr", "docker.io": "docker.io/cache/"])

    @Test(arguments: [
        ("ghcr.io/iflytek/x:1", "harbor.example/ghcr/iflytek/x:1"),
        ("GHCR.IO/iflytek/x@\(digest)", "harbor.example/ghcr/iflytek/x@\(digest)"),
        ("quay.io/a/b", "harbor.example/fl/a/b"),
        ("python:3.9", "docker.io/cache/library/python:3.9"),
        ("harbor.example/fl/a", "harbor.example/fl/a"),
        ("harbor.example/flat/a", "harbor.example/fl/flat/a"),
        ("harbor.example/ghcr/iflytek/x", "harbor.example/ghcr/iflytek/x"),
        ("ghcr.io/../x", "ghcr.io/../x"),
    ])
    func `are put in front once`(_ source: String, _ target: String) {
        #expect(Self.both.target(of: source) == target)
        #expect(Self.both.target(of: target) == target)
    }

    @Test(arguments: ["python", "GHCR.io/x", "a b", ""])
    func `that are none change nothing`(_ source: String) {
        #expect(ImageMirrors().target(of: source) == source)
    }
}

@Suite struct `Beginnings of images` {
    @Test(arguments: [
        ("harbor.example/", "harbor.example/a/b:1", true),
        ("harbor.example", "harbor.example/a", true),
        ("harbor.example", "harbor.example.evil.org/a", false),
        ("harbor.example/", "harbor.example:8443/a", false),
        ("harbor.example:8443", "harbor.example:8443/a", true),
        ("myhost:5000/", "myhost:5000/a/b", true),
        ("ghcr.io/iflytek/", "ghcr.io/iflytek/iflearner:v0.1.0", true),
        ("ghcr.io/iflytek", "GHCR.io/iflytek/iflearner@\(digest)", true),
        ("ghcr.io/iflytek", "ghcr.io/iflytek-evil/x", false),
        ("ghcr.io/iflytek", "ghcr.io/iflytek", true),
        ("ghcr.io/iflytek/", "ghcr.io/other/iflytek/x", false),
        ("ghcr.io/iflytek/x:1", "ghcr.io/iflytek/x:1", true),
        ("ghcr.io/iflytek/x:1", "ghcr.io/iflytek/x:1@\(digest)", true),
        ("ghcr.io/iflytek/x:1", "ghcr.io/iflytek/x:10", false),
        ("ghcr.io/iflytek/x:1", "ghcr.io/iflytek/x", false),
        ("ghcr.io/iflytek/x:1", "ghcr.io/iflytek/x/y:1", false),
        ("ghcr.io/iflytek/x@\(digest)", "ghcr.io/iflytek/x:1", false),
        ("iflytek/", "iflytek/x", true),
        ("iflytek/", "docker.io/iflytek/x", true),
        ("iflytek/", "ghcr.io/iflytek/x", false),
        ("python", "docker.io/library/python:3.9", true),
        ("python:3.9", "python:3.9", true),
        ("python", "python/evil", false),
        ("docker.io/", "python", true),
        ("index.docker.io/", "iflytek/x", true),
    ])
    func `cover whole parts`(_ prefix: String, _ image: String, _ covered: Bool) throws {
        let prefix = try #require(ImagePrefix(prefix))
        let name = try #require(ImageName(image))
        #expect(prefix.covers(name) == covered)
    }

    @Test(arguments: [
        "", "/", "*", "ghcr.io/*", "https://ghcr.io/", "ghcr.io/../", "ghcr.io//", "ghcr.io/x:1/", "x@\(digest)/",
        "a b/",
        "ghcr.io/A/", "-.io/", "ghcr.io/iflytek-",
    ])
    func `that are none`(_ text: String) {
        #expect(ImagePrefix(text) == nil)
        #expect(ImagePrefix.fault(text) != nil)
    }
}
