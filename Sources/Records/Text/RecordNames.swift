// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The names of a deployment's records, all in the deployment's namespace.
public enum RecordNames {
    /// The state Secret, and the Lease: `iflearnerctl.<deployment>`.
    public static func state(_ deployment: String) -> String { "iflearnerctl.\(deployment)" }

    /// A revision Secret; chunks after the first have their number behind it.
    public static func revision(_ deployment: String, _ number: Int, chunk: Int = 0) -> String {
        "iflearnerctl.\(deployment).v\(number)" + (chunk == 0 ? "" : ".p\(chunk)")
    }

    /// A job Secret.
    public static func job(_ deployment: String, _ id: String) -> String { "iflearnerctl.\(deployment).job.\(id)" }

    /// The Secret that is the lock where leases are forbidden.
    public static func lock(_ deployment: String) -> String { "iflearnerctl.\(deployment).lock" }
}
