// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Arguments
public import Relay
import Sockets

extension ListenRule: ArgumentValue {
    /// `PORT=HOST:PORT` or `ADDRESS:PORT=HOST:PORT`.
    public init(argument: String) throws(UsageError) {
        do {
            self = try ListenRule(argument)
        } catch {
            switch error {
            case .noTarget: throw UsageError("expected PORT=HOST:PORT, as in 30031=fl.coord.example:443")
            case .address(let text):
                throw UsageError("'\(text)' is no place to listen: expected a port, or ADDRESS:PORT, before the '='")
            case .target(let text, let fault): throw UsageError("the target '\(text)' \(fault.text)")
            }
        }
    }
}

extension ProxyURL {
    /// Reads `--proxy`; not an `ArgumentValue`, because the parser repeats what it cannot read, and this may be a login.
    init(option text: String) throws(UsageError) {
        do {
            self = try ProxyURL(text)
        } catch {
            switch error {
            case .login:
                throw UsageError(
                    "--proxy holds a login, which everybody can read who sees the process",
                    hint:
                        "put it into the files username and password, and name their folder with --proxy-credentials-dir"
                )
            case .scheme, .path: throw UsageError("--proxy must be http://HOST:PORT or https://HOST:PORT")
            case .server(let fault): throw UsageError("the server of --proxy \(fault.text)")
            }
        }
    }
}

/// Where probes are answered: an address, or `0` for nowhere, as controllers take it.
struct HealthAddress: ArgumentValue {
    var address: ListenAddress?

    init(address: ListenAddress?) { self.address = address }

    init(argument: String) throws(UsageError) {
        guard argument != "0" else {
            self.init(address: nil)
            return
        }
        guard let address = ListenAddress(argument) else { throw UsageError("expected ADDRESS:PORT, :PORT, or 0") }
        self.init(address: address)
    }
}
