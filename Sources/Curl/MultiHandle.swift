// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import CCurl

/// libcurl's set of transfers, used by one thread at a time.
///
/// Transfers that are still in it when either of the two ends are taken out by libcurl.
public struct MultiHandle: ~Copyable {
    /// The handle, for functions of libcurl that are not wrapped here.
    public let pointer: UnsafeMutableRawPointer

    /// Makes an empty set; nil when memory or descriptors are short.
    public init?() {
        guard CurlLibrary.isReady, let pointer = curl_multi_init() else { return nil }
        self.pointer = pointer
    }

    deinit { curl_multi_cleanup(pointer) }

    /// Goes on with every transfer, as far as that is possible without waiting.
    public func perform() {
        var running: Int32 = 0
        curl_multi_perform(pointer, &running)
    }

    /// The result of a transfer that has ended since the last look; nil when none has.
    public func nextResult() -> CURLcode? {
        var handle: UnsafeMutableRawPointer?
        var result = CURLE_OK
        return ccurl_next_finished(pointer, &handle, &result) != 0 ? result : nil
    }

    /// Waits until a transfer can go on, one of the descriptors has news (hang-ups and errors count), or the time is up.
    public func wait(orFor descriptors: [Int32], timeout: Duration) {
        var extra = descriptors.map { curl_waitfd(fd: $0, events: 0, revents: 0) }
        curl_multi_poll(pointer, &extra, UInt32(extra.count), Int32(clamping: timeout.wholeMilliseconds), nil)
    }
}
