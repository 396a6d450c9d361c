// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `embed-charts FOLDER OUTPUT`: writes a Swift source with the path and text of every file below FOLDER.
@main
struct EmbedChartsTool {
    static func main() throws {
        let folder = CommandLine.arguments[1]
        let output = CommandLine.arguments[2]
        var source = """
            // Generated from templates/ at build time.

            /// The bundled chart files: path below templates/, and text.
            enum BundledChartFiles {
                static let all: [(path: String, text: StaticString)] = [

            """
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
            var isDirectory = false
            let full = folder + "/" + path
            guard FileManager.default.fileExists(atPath: full, isDirectory: &isDirectory), !isDirectory else {
                continue
            }
            let text = try String(contentsOfFile: full, encoding: .utf8)
            source += "        (\(literal(path)), \(literal(text))),\n"
        }
        source += "    ]\n}\n"
        try source.write(toFile: output, atomically: true, encoding: .utf8)
    }

    private static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
