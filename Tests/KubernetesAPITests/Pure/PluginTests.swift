import Foundation
import TestSupport
import Testing
import Values

@testable import KubernetesAPI

@Suite struct PluginTests {
  @Test(
    "An answer that cannot be used is told",
    arguments: [
      ("", "gave no answer"), ("x", "no JSON"), ("[]", "no JSON"), (#"{"kind":"Pod"}"#, "no ExecCredential"),
      (
        #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}"#, "answers in client"
      ),
      (#"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}"#, "gave no credentials"),
      (
        #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":""}}"#,
        "neither a token nor a certificate"
      ),
      (
        #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"x"}}"#,
        "without its key"
      ),
      (
        #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientKeyData":"x"}}"#,
        "without its certificate"
      ),
      (
        #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"x","expirationTimestamp":"soon"}}"#,
        "\"soon\" as a time"
      ),
    ])
  func anAnswerThatCannotBeUsedIsTold(_ output: String, _ message: String) {
    let error = #expect(throws: PluginCredential.Failure.self) {
      try PluginCredential(Array(output.utf8), version: .v1)
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  /// A plugin that is a script.
  private static func script(
    _ text: String, in folder: TemporaryFolder, _ change: (inout ExecPlugin) -> Void = { _ in }
  ) throws -> ExecPlugin {
    var plugin = ExecPlugin(command: try folder.write("plugin", "#!/bin/sh\n\(text)\n", isProgram: true))
    change(&plugin)
    return plugin
  }

  private static func token(_ token: String, more: String = "") -> String {
    """
    printf '%s' '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"\(token)"\(more)}}'
    """
  }

  private static var granted: ProgramPermission {
    .granted(environment: ProcessInfo.processInfo.environment, isInteractive: false)
  }

  private static func run(
    _ plugin: ExecPlugin, _ permission: ProgramPermission = granted
  ) async throws -> PluginCredential {
    try await PluginRun(plugin: plugin, user: "ada", permission: permission).credential()
  }

  @Test("A plugin is told what it needs") func aPluginIsToldWhatItNeeds() async throws {
    let folder = try TemporaryFolder()
    let plugin = try Self.script(
      "printf '%s' \"$KUBERNETES_EXEC_INFO\" >\(folder.path)/info; printf '%s' \"$*|$PROFILE\" >\(folder.path)/said\n"
        + Self.token("t", more: #","expirationTimestamp":"2026-11-21T02:47:00Z""#), in: folder
    ) {
      $0.arguments = ["--region", "a b"]
      $0.environment = ["PROFILE": "prod"]
      $0.cluster = ["server": "https://k"]
    }
    let credential = try await Self.run(plugin)
    #expect(credential.token == "t")
    #expect(credential.expiry == 1_795_229_220)
    #expect(folder.read("said") == "--region a b|prod")
    #expect(
      folder.read("info")
        == #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false,"cluster":{"server":"https://k"}}}"#
    )
  }

  @Test("A plugin is looked for in the path") func aPluginIsLookedForInThePath() async throws {
    let folder = try TemporaryFolder()
    try folder.write("berth-test-plugin", "#!/bin/sh\n\(Self.token("t"))\n", isProgram: true)
    let environment = ["PATH": "\(folder.path):/usr/bin:/bin"]
    let credential = try await Self.run(
      ExecPlugin(command: "berth-test-plugin"), .granted(environment: environment, isInteractive: false))
    #expect(credential.token == "t")
  }

  @Test("A configuration that may not runs nothing") func aConfigurationThatMayNotRunsNothing() async throws {
    let folder = try TemporaryFolder()
    let plugin = try Self.script("touch \(folder.path)/ran\n\(Self.token("t"))", in: folder)
    let error = await #expect(throws: KubernetesError.self) {
      try await Self.run(plugin, .refused(because: "berth.yaml of a pull request names it"))
    }
    #expect(error?.message.contains("which is not run: berth.yaml of a pull request names it") == true)
    #expect(folder.read("ran") == nil)
  }

  @Test("A plugin that is missing is told") func aPluginThatIsMissingIsTold() async throws {
    for command in ["berth-no-such-plugin", "/no/such/plugin"] {
      let error = await #expect(throws: KubernetesError.self) {
        try await Self.run(ExecPlugin(command: command, installHint: "get it from the cloud\n"))
      }
      #expect(
        error?.message.contains(
          "the program \(command), which gives the credentials of the user \"ada\", can't be run") == true,
        "\(error?.message ?? "")")
      #expect(error?.help == "get it from the cloud")
    }
  }

  @Test("A plugin that fails is told with what it said") func aPluginThatFailsIsToldWithWhatItSaid()
    async throws
  {
    let folder = try TemporaryFolder()
    let plugin = try Self.script("echo first >&2; echo 'session expired' >&2; exit 4", in: folder)
    let error = await #expect(throws: KubernetesError.self) { try await Self.run(plugin) }
    #expect(error?.message.contains("failed (") == true)
    #expect(error?.message.hasSuffix(": first; session expired") == true, "\(error?.message ?? "")")
    #expect(error?.help == "see whether it works by hand: \(folder.path)/plugin")
  }

  @Test("A plugin that says much is read") func aPluginThatSaysMuchIsRead() async throws {
    let folder = try TemporaryFolder()
    let plugin = try Self.script(
      "head -c 300000 /dev/zero | tr '\\0' x >&2\n\(Self.token("t"))", in: folder)
    #expect(try await Self.run(plugin).token == "t")
    let error = await #expect(throws: KubernetesError.self) {
      try await Self.run(try Self.script("head -c 3000000 /dev/zero", in: folder))
    }
    #expect(error?.message.contains("can't be run") == true)
  }

  @Test("A plugin that must ask needs a person") func aPluginThatMustAskNeedsAPerson() async throws {
    let folder = try TemporaryFolder()
    let plugin = try Self.script(Self.token("t"), in: folder) { $0.interactiveMode = .always }
    let error = await #expect(throws: KubernetesError.self) { try await Self.run(plugin) }
    #expect(error?.message.contains("has to ask a person something") == true)
  }

  @Test("A person can be asked only by a plugin that may") func aPersonCanBeAskedOnlyByAPluginThatMay()
    async throws
  {
    let folder = try TemporaryFolder()
    let person = ProgramPermission.granted(
      environment: ProcessInfo.processInfo.environment, isInteractive: true)
    for (mode, isTold) in [
      (ExecPlugin.InteractiveMode.never, "false"), (.ifAvailable, "true"), (.always, "true"),
    ] {
      let script = "printf '%s' \"$KUBERNETES_EXEC_INFO\" >\(folder.path)/info; \(Self.token("t"))"
      let plugin = try Self.script(script, in: folder) { $0.interactiveMode = mode }
      #expect(try await Self.run(plugin, person).token == "t")
      #expect(folder.read("info")?.contains("\"interactive\":\(isTold)") == true, "\(mode)")
    }
  }

  // MARK: Caching

  /// A plugin that gives another token each time it is run.
  private static func counting(in folder: TemporaryFolder, expiry: String? = nil) throws -> ExecPlugin {
    let more = expiry.map { #","expirationTimestamp":"\#($0)""# } ?? ""
    return try script(
      """
      echo x >>\(folder.path)/runs
      n=$(wc -l <\(folder.path)/runs)
      printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t%d"\(more)}}' $n
      """, in: folder)
  }

  @Test("What a plugin gave is kept until it expires") func whatAPluginGaveIsKeptUntilItExpires() async throws
  {
    let folder = try TemporaryFolder()
    let clock = Clock(1000)
    let plugin = try Self.counting(in: folder, expiry: ServerTime(seconds: 2000).description)
    let source = CredentialSource(
      user: ClusterUser(name: "ada", plugin: plugin), permission: Self.granted, now: { clock.now })
    #expect(try await source.identity().token == "t1")
    clock.now = 1999
    #expect(try await source.identity().token == "t1")
    clock.now = 2000
    #expect(try await source.identity().token == "t2")
  }

  @Test("Requests that need its token at the same time run it once") func thoseWhoNeedItTogetherRunItOnce()
    async throws
  {
    let folder = try TemporaryFolder()
    let source = CredentialSource(
      user: ClusterUser(name: "ada", plugin: try Self.counting(in: folder)), permission: Self.granted)
    let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<20 { group.addTask { try await source.identity().token } }
      return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(tokens == ["t1"])
  }

  @Test("What a server refused is renewed once") func whatAServerRefusedIsRenewedOnce() async throws {
    let folder = try TemporaryFolder()
    let source = CredentialSource(
      user: ClusterUser(name: "ada", plugin: try Self.counting(in: folder)), permission: Self.granted)
    let refused = try await source.identity()
    let renewed = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<10 { group.addTask { try await source.renew(after: refused) } }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(renewed == 10)
    #expect(try await source.identity().token == "t2")
  }

  @Test("A file of a token is read again") func aFileOfATokenIsReadAgain() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("token", "one\n")
    let source = CredentialSource(
      user: ClusterUser(name: "ada", token: "written", tokenFile: file), permission: Self.granted)
    let first = try await source.identity()
    #expect(first.token == "one")
    #expect(try await source.renew(after: first) == false)
    try folder.write("token", "two\n")
    #expect(try await source.identity().token == "two")
    #expect(try await source.renew(after: first))
    // Who writes it may be about to.
    try FileManager.default.removeItem(atPath: file)
    #expect(try await source.identity().token == "two")
    let other = CredentialSource(user: ClusterUser(name: "ada", tokenFile: file), permission: Self.granted)
    await #expect(throws: KubernetesError.self) { try await other.identity() }
    let written = CredentialSource(
      user: ClusterUser(name: "ada", token: "written", tokenFile: file), permission: Self.granted)
    #expect(try await written.identity().token == "written")
  }

  @Test("Who speaks for another says so") func whoSpeaksForAnotherSaysSo() async throws {
    let user = ClusterUser(
      name: "ada", token: "t",
      impersonation: Impersonation(user: "bob", uid: "7", groups: ["a", "b"], extra: ["x/y": ["1"]]))
    let headers = try await CredentialSource(user: user, permission: Self.granted).identity().headers
    #expect(
      headers.map { "\($0.name): \($0.value)" } == [
        "Authorization: Bearer t", "Impersonate-User: bob", "Impersonate-Uid: 7", "Impersonate-Group: a",
        "Impersonate-Group: b", "Impersonate-Extra-x%2Fy: 1",
      ])
  }
}

/// A clock that a test sets.
private final class Clock: @unchecked Sendable {
  var now: Int64
  init(_ now: Int64) { self.now = now }
}
