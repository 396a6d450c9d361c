// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import HTTPServer

/// The tokens that are let in, and whose they are.
struct Authentication: Sendable {
    /// The administrator and the accounts that were configured.
    let users: [(token: String, user: User)]
    let serviceAccounts: ServiceAccountTokens

    /// The user of a bearer token; nil for one that lets nobody in.
    func user(token: some StringProtocol) -> User? {
        if let known = users.first(where: { ConstantTime.equal($0.token.utf8, token.utf8) }) { return known.user }
        return serviceAccounts.user(of: String(token))
    }

    /// The user of a request's credentials.
    func user(of request: HTTPRequest) -> User? {
        guard let header = request.headers["Authorization"], header.lowercased().hasPrefix("bearer ") else {
            return nil
        }
        return user(token: header.dropFirst(7).drop { $0 == " " })
    }

    /// The user of a name, with whatever groups come with it.
    func user(named name: String, groups: [String] = []) -> User {
        if groups.isEmpty, let known = users.first(where: { $0.user.name == name }) { return known.user }
        guard groups.isEmpty, let account = User.serviceAccount(named: name) else {
            return User(name: name, groups: groups)
        }
        return .serviceAccount(account.name, namespace: account.namespace)
    }

    /// Whom a request shall be carried out as: its user, or another one that this user may impersonate.
    /// - Throws: `StatusError` when that is not allowed.
    func impersonated(_ user: User, by request: HTTPRequest, _ authorizer: Authorizer) throws -> User {
        let groups = request.headers.all("Impersonate-Group")
        guard let name = request.headers["Impersonate-User"], !name.isEmpty else {
            guard groups.isEmpty else {
                throw StatusError.internalError("requested \(groups) without impersonating a user")
            }
            return user
        }
        if let account = User.serviceAccount(named: name) {
            try authorizer.check(
                user,
                AccessAttributes(
                    verb: "impersonate", group: "", resource: "serviceaccounts", name: account.name,
                    namespace: account.namespace))
        } else {
            try authorizer.check(
                user, AccessAttributes(verb: "impersonate", group: "", resource: "users", name: name))
        }
        for group in groups {
            try authorizer.check(
                user, AccessAttributes(verb: "impersonate", group: "", resource: "groups", name: group))
        }
        return self.user(named: name, groups: groups)
    }
}
