// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Processes
import Testing
import Values

/// The small programs that the charts put into pods, run as the pods run them.
@Suite struct `Scripts of the charts` {
    private static let python = Environment.findExecutable("python3", path: Environment.current["PATH"])
    private static let bash = Environment.findExecutable("bash", path: Environment.current["PATH"])

    /// A folder that is gone after the body.
    private func withFolder(_ body: (_ folder: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/charts-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        do { try await body(folder) } catch {
            try FileManager.default.removeItem(atPath: folder)
            throw error
        }
        try FileManager.default.removeItem(atPath: folder)
    }

    private func write(_ text: String, to path: String) throws { try Repository.write(Array(text.utf8), to: path) }

    private func script(_ plan: String, _ map: String, _ key: String, upgraded lines: String = "") throws -> String {
        let rendering = lines.isEmpty ? try Rendering.of(plan) : try Rendering(try Plans.server(lines))
        return try #require(rendering("ConfigMap", map)?["data", key]?.string)
    }

    private func run(
        _ program: String?, _ arguments: [String], _ environment: [String: String] = [:]
    ) async throws -> (status: Processes.ExitStatus, output: String) {
        var all = ["PATH": Environment.current["PATH"] ?? "/usr/bin:/bin"]
        all.merge(environment) { $1 }
        let command = Command(try #require(program), arguments, environment: all)
        let result = try await command.capture(timeout: .seconds(60))
        return (result.status, String(decoding: result.output, as: UTF8.self))
    }

    @Test(.enabled(if: python != nil, "python3 is not installed"))
    func `jobs are made in another namespace, and the password is put in`() async throws {
        try await withFolder { folder in
            try write(
                try script("external-database", "flow-server-python", "sitecustomize.py"),
                to: folder + "/py/sitecustomize.py")
            // As the module of the stock images does: the constructor assigns.
            try write(
                "class IflearnerJob:\n    def __init__(self):\n        self._namespace = 'default'\n        self.other = 1\n",
                to: folder + "/app/iflearner_job/iflearner_job.py")
            try write("a: 1\npassword: \"@DATABASE_PASSWORD@\"\n", to: folder + "/configuration.yaml")
            try write("pass\"w\\ord'é\n", to: folder + "/password")
            let program = """
                from iflearner_job import iflearner_job
                job = iflearner_job.IflearnerJob()
                print(job._namespace, job.other)
                """
            let result = try await run(
                Self.python, ["-c", program],
                [
                    "PYTHONPATH": "\(folder)/py:\(folder)/app", "IFLEARNER_JOBS_NAMESPACE": "training",
                    "IFLEARNER_CONFIGURATION": folder + "/configuration.yaml",
                    "IFLEARNER_PASSWORD_FILE": folder + "/password",
                    "FLOW_SERVER_CONF_PATH": folder + "/whole.yaml", "PYTHONDONTWRITEBYTECODE": "1",
                ])
            #expect(result.output == "training 1\n")
            #expect(result.status.isSuccess)
            let whole = String(decoding: try Repository.bytes(folder + "/whole.yaml"), as: UTF8.self)
            #expect(whole == "a: 1\npassword: \"pass\\\"w\\\\ord'é\"\n")
            #expect(FileBytes.permissions(of: folder + "/whole.yaml") == 0o600)
        }
    }

    @Test(
        .enabled(if: python != nil, "python3 is not installed"),
        arguments: [
            (#"{"ret_code": 0, "data": {"federates": [{"id": "stadtklin"}]}}"#, 0),
            (#"{"ret_code": 0, "data": {"federates": [{"id": "other"}]}}"#, 1),
            (#"{"ret_code": 0, "data": {"federates": []}}"#, 1), (#"{"ret_code": 7}"#, 0), ("no JSON", 0), ("[]", 0),
            ("", 0),
        ])
    func `a federate is restarted only when the server answers without it`(_ answer: String, _ status: Int32)
        async throws
    {
        try await withFolder { folder in
            try write(try script("federate", "flow-federate-python", "registered.py"), to: folder + "/registered.py")
            // Nobody listens where the answer is empty.
            let driver = """
                import http.server, os, subprocess, sys, threading
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(200 if self.path.startswith("/api/v1/federate?") else 404)
                        self.end_headers()
                        self.wfile.write(sys.argv[1].encode())
                    def log_message(self, *arguments): pass
                server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
                port = server.server_port
                if sys.argv[1]: threading.Thread(target=server.serve_forever, daemon=True).start()
                else: server.server_close()
                variables = {"IFLEARNER_SERVER": "127.0.0.1:%d" % port, "IFLEARNER_FEDERATE_ID": "stadtklin"}
                sys.exit(subprocess.run([sys.executable, "-I", sys.argv[2]], env=variables).returncode)
                """
            let result = try await run(Self.python, ["-c", driver, answer, folder + "/registered.py"])
            #expect(result.status == .code(status), "\(result.output)")
        }
    }

    @Test(.enabled(if: bash != nil, "bash is not installed"), arguments: ["function", "array"])
    func `the account is made by old and new entrypoints`(_ entrypoint: String) async throws {
        try await withFolder { folder in
            let accounts = try script("server", "mysql", "accounts.sh")
                .replacing("/run/secrets/iflearner/password", with: folder + "/password")
            let sql = entrypoint == "function" ? "docker_process_sql() { cat; }\n" : "mysql=(cat)\n"
            try write("set -eo pipefail\n" + sql + accounts, to: folder + "/accounts.sh")
            try write("it's a \\ \"secret\"\n", to: folder + "/password")
            let result = try await run(
                Self.bash, [folder + "/accounts.sh"], ["IFLEARNER_DATABASE": "flow_server", "IFLEARNER_USER": "flow"])
            #expect(result.status.isSuccess)
            #expect(
                result.output.contains(
                    #"'flow'@'%' IDENTIFIED WITH mysql_native_password BY 'it\'s a \\ "secret"';"#))
            #expect(result.output.contains(#"ON `flow\_server`.* TO 'flow'@'%';"#))
        }
    }

    @Test(.enabled(if: bash != nil, "bash is not installed"), arguments: [true, false])
    func `a dump is whole or not there, and old ones go`(_ succeeds: Bool) async throws {
        try await withFolder { folder in
            let backup = try script("", "mysql", "backup.sh", upgraded: "mysql: {backup: {enabled: true}}\n")
                .replacing("/run/secrets/iflearner/password", with: folder + "/password")
                .replacing("/backup", with: folder + "/backup")
            try write(backup, to: folder + "/backup.sh")
            try write("secret", to: folder + "/password")
            for year in 2020...2023 {
                try write("old", to: "\(folder)/backup/flow-\(year)0101T000000Z.sql.gz")
                _ = try await run(
                    "/usr/bin/touch", ["-d", "\(year)-01-01", "\(folder)/backup/flow-\(year)0101T000000Z.sql.gz"])
            }
            try write("#!/bin/sh\necho \"$MYSQL_PWD $*\"\nexit \(succeeds ? 0 : 2)\n", to: folder + "/bin/mysqldump")
            _ = try await run("/bin/chmod", ["+x", folder + "/bin/mysqldump"])
            let result = try await run(
                Self.bash, [folder + "/backup.sh"],
                [
                    "PATH": "\(folder)/bin:/usr/bin:/bin", "IFLEARNER_HOST": "mysql", "IFLEARNER_DATABASE": "flow",
                    "IFLEARNER_USER": "flow", "IFLEARNER_KEEP": "3",
                ])
            #expect(result.status.isSuccess == succeeds)
            let left = try Repository.files(below: folder + "/backup")
            #expect(left.count == (succeeds ? 3 : 4))
            #expect(left.contains("flow-20230101T000000Z.sql.gz"))
            #expect(left.contains("flow-20200101T000000Z.sql.gz") == !succeeds)
            #expect(!result.output.contains("secret"))
        }
    }
}
