// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// libcurl's own start, once per process.
public enum CurlLibrary {
    /// Whether libcurl could be started; it is by the first look.
    public static let isReady = ccurl_global_init() == CURLE_OK
}
