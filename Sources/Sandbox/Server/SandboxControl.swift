// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What can be done to a running sandbox from outside of Kubernetes' API.
struct SandboxControl: Sendable {
    /// Forgets all objects and begins anew.
    let reset: @Sendable () async throws -> Void
    /// Stops the simulated kubelet, or lets it go on.
    let setKubeletPaused: @Sendable (Bool) async -> Void
    /// Lets the simulated cluster work so many times faster than a real one.
    let setTimeScale: @Sendable (Double) async -> Void
}
