// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Says in words how a container ended.
enum ContainerEnd {
    /// As in `out of memory (OOMKilled)`, `exit code 127: command not found`.
    static func text(_ terminated: Value) -> String {
        let reason = terminated["reason"]?.string ?? ""
        let code = terminated["exitCode"]?.int ?? -1
        var text = reason == "OOMKilled" ? "out of memory (OOMKilled)" : "exit code \(code)"
        if reason != "OOMKilled", let meaning = meaning(of: code) { text += ": \(meaning)" }
        if reason != "OOMKilled", reason != "Error", reason != "Completed", !reason.isEmpty { text += " (\(reason))" }
        if let message = terminated["message"]?.string, !message.isEmpty {
            text += ": " + message.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(400)
        }
        return text
    }

    private static func meaning(of code: Int64) -> String? {
        switch code {
        case 126: "the command cannot be executed"
        case 127: "command not found"
        case 134: "aborted"
        case 137: "killed"
        case 139: "segmentation fault"
        case 143: "terminated"
        default: nil
        }
    }
}
