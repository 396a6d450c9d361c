// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ClusterAPI

@Suite struct `Curl options` {
    @Test func `only the machine's own trust includes its folder of authorities`() {
        #expect(CurlOptions.trustsMachineFolder(.system))
        #expect(!CurlOptions.trustsMachineFolder(.authorities([])))
        #expect(!CurlOptions.trustsMachineFolder(.nobody))
    }
}
