// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The kubeconfig of a sandbox.
enum Kubeconfig {
    static func text(url: String, authorityPEM: String, token: String, namespace: String) -> String {
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: sandbox
          cluster:
            server: \(url)
            certificate-authority-data: \(Base64.encode(authorityPEM.utf8))
        users:
        - name: sandbox
          user:
            token: \(token)
        contexts:
        - name: sandbox
          context:
            cluster: sandbox
            user: sandbox
            namespace: \(namespace)
        current-context: sandbox

        """
    }
}
