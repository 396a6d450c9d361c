// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension ClusterClient {
    /// Follows the changes of a collection after a version.
    ///
    /// No namespace means all namespaces, or a cluster-scoped kind. The version is that of a list, an object or a
    /// bookmark; an empty one starts with the present objects. The server ends the watch after `timeout`.
    public func watch(
        _ kind: GroupVersionKind, namespace: String? = nil, selector: Selector = .all, from resourceVersion: String,
        timeout: Duration = .seconds(300)
    ) -> WatchStream {
        let seconds = max(1, timeout.components.seconds)
        let query =
            selector.query + [
                ("watch", "true"), ("resourceVersion", resourceVersion), ("allowWatchBookmarks", "true"),
                ("timeoutSeconds", String(seconds)),
            ]
        let description = RequestDescription(.watch, kind.kind, namespace: namespace)
        return WatchStream(
            open: {
                try await withResource(for: kind) { resource in
                    let request = HTTPRequest(
                        .get, Self.target(resource.path(namespace: namespace), query),
                        headers: ["Accept": "application/json"], timeout: .seconds(seconds + 30),
                        // Bookmarks come about once a minute: two missing ones and half a minute mean a dead line.
                        idleTimeout: .seconds(150), lane: .streams)
                    return try await pipeline.stream(
                        Exchange(request: request, description: description, safety: .read, onRetry: onRetry))
                }
            },
            request: description)
    }
}
