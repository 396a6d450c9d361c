// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// The state of a lock as the server has it.
public struct LeaseRecord: Sendable, Hashable {
    /// The holder's text; nil when nobody holds it.
    public var holder: String?
    /// How long the lock lasts after its last renewal, in whole seconds on the server.
    public var duration: Duration
    /// When the holder got it, by the server's clock.
    public var acquireTime: Timestamp?
    /// When the holder last renewed it, by the server's clock.
    public var renewTime: Timestamp?
    /// How often it changed hands: the fencing number.
    public var transitions: Int64
    /// The identity of the object that carries it: a Lease that was removed would else be made again by a renewal.
    public var uid: String
    /// The version of the object that carries it.
    public var resourceVersion: String
    /// The server's clock when the record was read; nil when it did not say.
    public var serverDate: Timestamp?

    /// The holder, when it is one of this program's.
    public var holderIdentity: HolderIdentity? { holder.flatMap(HolderIdentity.init) }

    /// How long ago the holder renewed, by the server's clock alone; for display, never for a takeover.
    public var sinceRenewal: Duration? {
        guard let serverDate, let renewTime else { return nil }
        return serverDate - renewTime
    }

    /// Whether, for display, the holder seems to be gone: dead on this host, or silent for longer than the duration.
    public var seemsAbandoned: Bool {
        guard let holder else { return true }
        if HolderIdentity(holder)?.process.liveness == .dead { return true }
        return sinceRenewal.map { $0 > duration } ?? false
    }
}

/// How long locks last.
public struct LeaseTerms: Sendable, Hashable {
    /// How long a lock lasts after its last renewal.
    public var duration = Duration.seconds(60)
    /// How often the holder renews it.
    public var renewalInterval = Duration.seconds(10)
    /// How long after its last renewal the holder may still start writes.
    public var writeWindow = Duration.seconds(30)
    /// How often a blocked client looks.
    public var observationInterval = Duration.seconds(2)

    /// Makes the product's terms.
    public init() {}

    /// The terms with every duration divided, for tests with the built binary.
    public func scaled(by divisor: Int) -> LeaseTerms {
        guard divisor > 1 else { return self }
        var scaled = self
        scaled.duration /= divisor
        scaled.renewalInterval /= divisor
        scaled.writeWindow /= divisor
        scaled.observationInterval /= divisor
        return scaled
    }
}
