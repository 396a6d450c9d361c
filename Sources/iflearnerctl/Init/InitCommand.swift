// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Arguments
public import ConfigModel
import Deployment
import Glibc
import Rollout

/// `init`: a commented, valid plan.
struct InitCommand: ProgramCommand {
    static let manual = Manual(
        "init", summary: "Write a commented, valid cluster.yaml",
        examples: [
            .init("iflearnerctl init > cluster.yaml", "The server side."),
            .init(
                "iflearnerctl init --role federate -o cluster.yaml", "A federate side, into a file that must be new."),
        ])
    // -o names the file here, as no other output format makes sense.
    static let parameters: [Parameter<InitCommand>] = [
        .option("role", nil, \.role, "ROLE", "The side of the federation."),
        .option("name", nil, \.name, "NAME", "The deployment's name (default lungnet)."),
        .option("namespace", "n", \.namespace, "NAME", "Its namespace (default iflearner)."),
        .option("party-id", nil, \.partyID, "ID", "The federate's id, at most 10 characters."),
        .option("server-address", nil, \.serverAddress, "HOST:PORT", "flow-server as a federate reaches it."),
        .option("output", "o", \.file, "FILE", "Write to a file instead of standard output.", completion: .files),
        .flag("force", nil, \.force, "Overwrite the file."),
    ]

    var role = Role.server
    var name: String?
    var namespace: String?
    var partyID: String?
    var serverAddress: String?
    var file: String?
    var force = false

    func run(in context: AppContext) async throws -> CommandStatus {
        var template = PlanTemplate(role: role)
        if let name { template.name = name }
        if let namespace { template.namespace = namespace }
        if let partyID { template.partyID = partyID }
        if let serverAddress { template.serverAddress = serverAddress }
        // What was typed may make the plan invalid: that is said now, not at the installation.
        _ = try PlanSource(Array(template.text.utf8), file: file ?? "the plan").plan()
        guard let file else {
            context.output.resultText(template.text)
            return .success
        }
        try write(template.text, to: file)
        context.output.message("wrote \(file): edit it, then 'iflearnerctl cluster install -f \(file)'")
        return .success
    }

    private func write(_ text: String, to file: String) throws {
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL)
        let descriptor = open(file, flags, 0o644)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw DeploymentError(.refused, "\(file) is there already", hint: "choose another name, or --force")
            }
            throw DeploymentError(.preflight, "cannot write \(file): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                throw DeploymentError(.preflight, "cannot write \(file): \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
    }
}

extension Role: ArgumentValue {}
