// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Crypto
import Testing
import Values
import YAMLText

@Suite struct `The flow charts` {
    /// The configuration that the process reads.
    private func configuration(_ rendering: Rendering, _ name: String) throws -> Value {
        let key = name == "flow-server" ? "flow_server.yaml" : "flow_federate.yaml"
        let text = try #require(rendering("Secret", name)?["data", key]?.string)
        return try Value(yaml: Base64.decode(text), file: key)
    }

    private func variables(_ object: RenderedObject?) -> [String: String] {
        var result: [String: String] = [:]
        for variable in object?.containers.first?["env"]?.array ?? [] {
            if let name = variable["name"]?.string { result[name] = variable["value"]?.string ?? "" }
        }
        return result
    }

    @Test(arguments: [("server", "flow-server"), ("federate", "flow-federate")])
    func `the whole configuration is one Secret`(_ plan: String, _ name: String) throws {
        let rendering = try Rendering.of(plan)
        let configuration = try configuration(rendering, name)
        #expect(configuration[path: "flask", "debug"] == false)
        #expect(configuration[path: "database", "host"] == "mysql")
        #expect(configuration[path: "database", "port"] == 3306)
        #expect(configuration[path: "database", "password"] == .string(Plans.secrets["password"] ?? ""))
        // All three maps must exist, and none may fill the volume.
        for log in ["flow", "sockeio", "sqlengine"] {
            #expect(configuration[path: "log", log, "enable_file"] == false)
            #expect(configuration[path: "log", log, "enable_console"] == true)
        }
        let variable = name == "flow-server" ? "FLOW_SERVER_CONF_PATH" : "FLOW_FEDERATE_CONF_PATH"
        let path = try #require(variables(rendering("Deployment", name))[variable])
        #expect(path.hasPrefix("/etc/iflearner/configuration/"))
        #expect(rendering("Deployment", name)?.podSpec?.texts.contains("subPath") == false)
    }

    @Test func `flow-server knows the aggregator's image`() throws {
        let flow = try configuration(try Rendering.of("server"), "flow-server")["flow"]
        #expect(flow?["iflearner_server_image"] == "ghcr.io/iflytek/iflearner:v0.1.0")
        #expect(flow?["iflearner_server_args"] == ["python", "iflearner/business/homo/aggregate_server.py"])
    }

    @Test func `a federate's id is text even when it is a number`() throws {
        let flow = try configuration(try Rendering.of("federate-numbered"), "flow-federate")["flow"]
        #expect(flow?["federate_id"] == "9999")
        #expect(flow?["federate_server_addr"] == "10.0.0.5:32235")
    }

    @Test(arguments: ["existing-claim-and-secret", "external-database"])
    func `a password that only a Secret knows is put in at the start`(_ plan: String) throws {
        let rendering = try Rendering.of(plan)
        #expect(
            try configuration(rendering, "flow-server")[path: "database", "password"] == "@DATABASE_PASSWORD@")
        let variables = variables(rendering("Deployment", "flow-server"))
        #expect(variables["FLOW_SERVER_CONF_PATH"]?.hasPrefix("/run/iflearner/") == true)
        #expect(variables["IFLEARNER_PASSWORD_FILE"] == "/etc/iflearner/database/password")
        #expect(variables["PYTHONPATH"] == "/etc/iflearner/python:/data/iflearner-flow/python")
        #expect(rendering("ConfigMap", "flow-server-python")?["data", "sitecustomize.py"] != nil)
    }

    @Test func `an external database is named as the plan says`() throws {
        let database = try configuration(try Rendering.of("external-database"), "flow-server")["database"]
        #expect(database?["host"] == "db.example")
        #expect(database?["port"] == 3307)
        #expect(database?["name"] == "flow")
        #expect(database?["user"] == "scheduler")
    }

    @Test func `jobs elsewhere than in default are redirected`() throws {
        let plain = try Rendering(try Plans.server())
        #expect(plain("ConfigMap", "flow-server-python") == nil)
        #expect(variables(plain("Deployment", "flow-server"))["PYTHONPATH"] == nil)
        #expect(plain("Role", "iflearner-lungnet-flow-server")?.namespace == "default")

        let moved = try Rendering(try Plans.server("jobs: {namespace: training}\n"))
        #expect(variables(moved("Deployment", "flow-server"))["IFLEARNER_JOBS_NAMESPACE"] == "training")
        #expect(moved("ConfigMap", "flow-server-python")?["data", "sitecustomize.py"] != nil)
        #expect(moved("Role", "iflearner-lungnet-flow-server")?.namespace == "training")
        let annotations = moved("Deployment", "flow-server")?.podTemplate?[path: "metadata", "annotations"]
        #expect(annotations?["checksum/python"] != nil)
    }

    @Test func `rights are no more than the services use`() throws {
        let server = try Rendering.of("server")("Role", "iflearner-lungnet-flow-server")?["rules"]
        let common: [Value] = [
            ["apiGroups": ["git.iflytek.com"], "resources": ["iflearnerjobs"], "verbs": ["create", "delete"]],
            ["apiGroups": ["git.iflytek.com"], "resources": ["iflearnerjobs/status"], "verbs": ["get"]],
        ]
        #expect(server?.array == common)
        let federate = try Rendering.of("federate")("Role", "fl-lungnet-lungnet-flow-federate")?["rules"]
        #expect(federate?.array == common + [["apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]]])
    }

    @Test func `a federate that the server forgot restarts`() throws {
        let rendering = try Rendering.of("federate")
        let probe = rendering("Deployment", "flow-federate")?.containers.first?["livenessProbe"]
        #expect(probe?["failureThreshold"] == 3)
        #expect(
            probe?[path: "exec", "command"] == ["python3", "-I", "/etc/iflearner/python/registered.py"])
        #expect(rendering("ConfigMap", "flow-federate-python")?["data", "registered.py"] != nil)
        let variables = variables(rendering("Deployment", "flow-federate"))
        #expect(variables["IFLEARNER_SERVER"] == "fl.coord.example:32235")
        #expect(variables["IFLEARNER_FEDERATE_ID"] == "stadtklin")

        let without = try Rendering.of("federate-numbered")
        let plain = without("Deployment", "flow-federate")?.containers.first?["livenessProbe"]
        #expect(plain?["exec"] == nil && plain?["tcpSocket"] != nil)
        #expect(without("ConfigMap", "flow-federate-python") == nil)
    }

    @Test(arguments: [
        ("ClusterIP", [[1235, nil]]), ("NodePort", [[1235, 32235]]), ("LoadBalancer", [[1235, nil], [32235, nil]]),
    ]) func `flow-server listens as its type says`(_ type: String, _ ports: [[Int64?]]) throws {
        let service = try Rendering(try Plans.server("flow-server: {type: \(type)}\n"))("Service", "flow-server")
        #expect(service?["spec", "type"] == .string(type))
        #expect(service?["spec", "ports"]?.array?.map { [$0["port"]?.int, $0["nodePort"]?.int] } == ports)
    }

    @Test func `another configuration restarts the service that reads it, and nothing else`() throws {
        func checksums(_ rendering: Rendering) -> [String: Value] {
            var result: [String: Value] = [:]
            for object in rendering.objects {
                if let template = object.podTemplate { result[object.name] = template }
            }
            return result
        }
        let before = checksums(try Rendering(try Plans.server()))
        let after = checksums(try Rendering(try Plans.server("flow-server: {values: {logLevel: DEBUG}}\n")))
        #expect(before.keys.filter { before[$0] != after[$0] } == ["flow-server"])
    }
}
