import Foundation
import Subprocess
import Testing

@testable import DockerAPI

@Suite struct TunnelTests {
  /// A program in place of `ssh`.
  private static func withProgram(
    _ script: String, _ body: (Executable, _ folder: String) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "berth-ssh-test-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let program = "\(folder)/ssh"
    try "#!/bin/sh\n\(script)\n".write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    try await body(.path(.init(program)), folder)
  }

  private static func endpoint() throws -> DockerEndpoint {
    .ssh(try SSHDestination(user: "deploy", host: "build", port: 2222))
  }

  @Test("An engine is reached through SSH") func anEngineIsReachedThroughSSH() async throws {
    // Answers each request with the arguments, as the version of the engine.
    let script = #"""
      arguments="$*"
      while read -r line; do
        case "$line" in HEAD*) body= ;; GET*) body="{\"Version\":\"$arguments\",\"ApiVersion\":\"1.41\"}" ;; esac
        if [ "$line" = "$(printf '\r')" ]; then
          printf 'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: %d\r\n\r\n%s' ${#body} "$body"
        fi
      done
      """#
    try await Self.withProgram(script) { program, _ in
      let docker = try await DockerClient.connect(by: Transport(endpoint: Self.endpoint(), ssh: program))
      let arguments = "-o ConnectTimeout=5 -T -l deploy -p 2222 -- build docker system dial-stdio"
      #expect(try await docker.system.version().version == arguments)
      // More at once than there are connections.
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<20 { group.addTask { try await docker.system.version().version } }
        for try await version in group { #expect(version == arguments) }
      }
    }
  }

  @Test("What SSH says is told") func whatSSHSaysIsTold() async throws {
    try await Self.withProgram("echo 'deploy@build: Permission denied (publickey).' >&2; exit 255") {
      program, _ in
      let transport = try Transport(endpoint: Self.endpoint(), ssh: program)
      await #expect(
        throws: DockerError(
          "ssh://deploy@build:2222 can't be reached: deploy@build: Permission denied (publickey).",
          help: "check that this works: ssh -p 2222 deploy@build docker version")
      ) { try await DockerClient.connect(by: transport) }
    }
  }

  @Test("A private folder is deleted with the last reference to it") func aFolderGoesWithWhoHoldsIt() throws {
    var folder: PrivateFolder? = try PrivateFolder()
    let path = try #require(folder?.path)
    #expect(FileManager.default.fileExists(atPath: path))
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("A talkative SSH is bounded") func aTalkativeSSHIsBounded() async throws {
    try await Self.withProgram("head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1") { program, _ in
      let transport = try Transport(endpoint: Self.endpoint(), ssh: program)
      let error = await #expect(throws: DockerError.self) { try await DockerClient.connect(by: transport) }
      #expect(error?.message.utf8.count ?? .max < 5000)
    }
  }

  @Test("A missing SSH is named") func aMissingSSHIsNamed() async throws {
    let transport = try Transport(endpoint: Self.endpoint(), ssh: .path("/nowhere/ssh"))
    let error = await #expect(throws: DockerError.self) { try await DockerClient.connect(by: transport) }
    #expect(error?.message.contains("ssh can't be run") == true)
  }

  @Test("Nothing is left behind") func nothingIsLeftBehind() async throws {
    try await Self.withProgram("echo $$ > \"$(dirname \"$0\")/pid\"; exec sleep 1000") { program, folder in
      var tunnel: SSHTunnel? = try SSHTunnel(to: SSHDestination(host: "build"), program: program)
      let path = try #require(tunnel?.path)
      #expect(
        try FileManager.default.attributesOfItem(atPath: (path as NSString).deletingLastPathComponent)[
          .posixPermissions] as? Int == 0o700)
      let transport = try Transport(endpoint: .unix(path: path))
      let call = Task { try await transport.call(Request(.HEAD, "_ping"), version: nil) }
      var pid: pid_t?
      while pid == nil {
        pid = (try? String(contentsOfFile: "\(folder)/pid", encoding: .utf8)).flatMap {
          pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        try await Task.sleep(for: .milliseconds(5))
      }
      tunnel = nil
      while let pid, kill(pid, 0) == 0 { try await Task.sleep(for: .milliseconds(5)) }
      #expect(!FileManager.default.fileExists(atPath: path))
      await #expect(throws: (any Error).self) { try await call.value }
    }
  }
}
