// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The versions of this program and of what it brings along.
public enum ToolVersion {
    /// The program's version, as `version --short` prints it.
    public static let current = "0.2.0"
    /// The version of the bundled chart, as `chartVersion` of a plan names it.
    public static let chart = "v0.2.0"
}
