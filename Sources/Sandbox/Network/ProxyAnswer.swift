// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What comes back when the API server is asked to reach a port of a pod.
public enum ProxyAnswer: Sendable, Equatable {
    /// The answer of what listens there.
    case response(status: Int = 200, contentType: String = "application/json", body: String)
    /// Nobody listens there.
    case refused
    /// The pod cannot be reached.
    case unreachable
    /// The connection ends before there is an answer.
    case broken
    /// There is no answer, until another one is set.
    case hang
}
