// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Templating
import Values
import YAMLText

/// Charts and files for tests.
enum Fixture {
    /// The folder of golden files, beside this source.
    static let golden = String(#filePath.dropLast("Fixture.swift".count)) + "Golden/"

    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw MissingFile(path: path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    static func text(_ path: String) throws -> String { String(decoding: try read(path), as: UTF8.self) }

    struct MissingFile: Error {
        let path: String
    }

    /// A chart called `t` of version 1.2.3 with these templates and other files.
    static func chart(
        _ templates: [String: String], values: String = "", files: [String: String] = [:]
    ) throws -> Chart {
        let description = "apiVersion: v2\nname: t\nversion: 1.2.3\nappVersion: \"2.0\"\n"
        var all = [ChartFile(path: "Chart.yaml", text: description), ChartFile(path: "values.yaml", text: values)]
        for (path, text) in templates.sorted(by: { $0.key < $1.key }) {
            all.append(ChartFile(path: "templates/" + path, text: text))
        }
        for (path, text) in files.sorted(by: { $0.key < $1.key }) { all.append(ChartFile(path: path, text: text)) }
        return try Chart(files: all)
    }

    static let release = ReleaseOptions(name: "rel", namespace: "ns")

    /// What one template renders to, or the error's message.
    static func render(_ template: String, values: String = "", partials: String = "", files: [String: String] = [:])
        throws -> Outcome
    {
        let chart = try chart(["x.yaml": template, "_partials.tpl": partials], values: values, files: files)
        do throws(RenderError) {
            return .text(
                try ReleaseRenderer().renderTemplates(chart, release: release)["t/templates/x.yaml"]
                    ?? "nothing rendered")
        } catch {
            return .failure(error.message)
        }
    }

    enum Outcome: Equatable {
        case text(String)
        case failure(String)
    }
}
