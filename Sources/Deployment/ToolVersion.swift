// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The versions of this program and of what it brings along.
public enum ToolVersion {
    /// The program's version, as `version --short` prints it.
    public static let current = "0.2.0"
    /// How requests introduce themselves.
    public static let userAgent = "iflearnerctl/\(current) (linux/\(architecture))"
    /// The version of the bundled chart, as `chartVersion` of a plan names it.
    public static let chart = "v0.2.0"

    /// The processor, in Go's words.
    private static var architecture: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #else
            "unknown"
        #endif
    }
}
