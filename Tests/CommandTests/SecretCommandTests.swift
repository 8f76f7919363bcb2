import Foundation
import Testing

/// The vault from the command line.
@Suite struct SecretCommandTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test("A value goes in and comes out") func aValueGoesInAndComesOut() throws {
    #expect(try sandbox.berth("secret", "list").output == "No secrets.\n")
    #expect(try sandbox.berth("secret", "set", "shop/token", input: "one\n").status == 0)
    #expect(try sandbox.berth("secret", "get", "shop/token").output == "one")
    #expect(try sandbox.berth("secret", "set", "shop/token", "--keep-newline", input: "two\n\n").status == 0)
    #expect(try sandbox.berth("secret", "get", "shop/token").output == "two\n\n")
    let list = try sandbox.berth("secret", "list").output
    #expect(list.contains("shop/token") && !list.contains("two"))
    let json = try sandbox.berth("secret", "list", "--format", "json").json
    #expect(json["namespace"]?.string == "default")
    #expect(json["secrets"]?.list?.map { $0["version"]?.int } == [2])
    #expect(json["secrets"]?.list?.map { $0["key"]?.string } == ["shop/token"])

    let unsure = try sandbox.berth("secret", "rm", "shop/token")
    #expect(unsure.status == 1 && unsure.errors.contains("--yes"))
    #expect(try sandbox.berth("secret", "rm", "shop/token", "--yes").status == 0)
    let gone = try sandbox.berth("secret", "get", "shop/token")
    #expect(gone.status == 1 && gone.output.isEmpty && gone.errors.contains("E0904"))
    #expect(try sandbox.berth("secret", "rm", "shop/token", "--yes").status == 1)
  }

  @Test("Namespaces are apart and come from the target") func namespacesAreApartAndComeFromTheTarget() throws
  {
    try sandbox.write(
      "berth.yaml", "targets: {prod: {provider: local, namespace: shop}}\ndefault: prod\n")
    #expect(try sandbox.berth("secret", "set", "token", input: "in shop").status == 0)
    #expect(try sandbox.berth("secret", "get", "token", "-n", "shop").output == "in shop")
    let elsewhere = try sandbox.berth("secret", "get", "token", "-t", "local")
    #expect(elsewhere.status == 1 && elsewhere.errors.contains("namespace `default`"))
    #expect(try sandbox.berth("secret", "list", "-n", "Shop").status == 1)
  }

  @Test(
    "What cannot be is refused",
    arguments: [
      (["secret", "set", "env:TOKEN"], "x", "E0315"), (["secret", "set", "a b"], "x", "E0315"),
      (["secret", "set", "k"], "", "E0905"), (["secret", "set", "k"], "\n", "E0905"),
      (["secret", "get", "k"], "", "E0904"),
    ])
  func whatCanNotBeIsRefused(arguments: [String], input: String, code: String) throws {
    let result = try sandbox.berth(arguments, input: input)
    #expect(result.status == 1)
    #expect(result.errors.contains(code), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test("A value that is too large is refused") func aValueThatIsTooLargeIsRefused() throws {
    let input = String(repeating: "x", count: (64 << 10) + 1)
    let result = try sandbox.berth("secret", "set", "k", input: input)
    #expect(result.status == 1 && result.errors.contains("E0905") && result.errors.contains("64 KiB"))
    #expect(try sandbox.berth("secret", "set", "k", input: input.dropLast() + "\n").status == 0)
  }

  @Test("A value is never an argument") func aValueIsNeverAnArgument() throws {
    let result = try sandbox.berth("secret", "set", "k", "hunter2")
    #expect(result.status == 64)
    #expect(!FileManager.default.fileExists(atPath: sandbox.home))
  }

  @Test("The key of a vault can come from the environment") func theKeyOfAVaultCanComeFromTheEnvironment()
    throws
  {
    sandbox.environment["BERTH_VAULT_KEY"] = Data(repeating: 7, count: 32).base64EncodedString()
    #expect(try sandbox.berth("secret", "set", "k", input: "one").status == 0)
    #expect(!FileManager.default.fileExists(atPath: sandbox.home + "/vault/key"))
    sandbox.environment["BERTH_VAULT_KEY"] = Data(repeating: 8, count: 32).base64EncodedString()
    #expect(try sandbox.berth("secret", "get", "k").errors.contains("E0901"))
    sandbox.environment["BERTH_VAULT_KEY"] = "hunter2"
    let bad = try sandbox.berth("secret", "get", "k")
    #expect(bad.errors.contains("E0903") && !bad.errors.contains("hunter2"))
    sandbox.environment["BERTH_VAULT_KEY"] = nil
    #expect(try sandbox.berth("secret", "get", "k").errors.contains("E0903"))
  }

  @Test("A key that other users can read is not used") func whatOthersCanReadIsNotUsed() throws {
    #expect(try sandbox.berth("secret", "set", "k", input: "one").status == 0)
    chmod(sandbox.home + "/vault/key", 0o644)
    let refused = try sandbox.berth("secret", "get", "k")
    #expect(refused.status == 1 && refused.errors.contains("E0902") && refused.errors.contains("chmod 600"))
  }

  // MARK: On a terminal

  /// Runs the program on a terminal, answers each prompt as it comes, and returns everything that was shown.
  private func onTerminal(
    _ arguments: [String], _ answers: [(prompt: String, typed: String)]
  ) throws -> (status: Int32, shown: String) {
    let terminal = try PseudoTerminal(columns: 80, rows: 24)
    let process = try sandbox.start(arguments, on: terminal)
    for answer in answers {
      let isAsked = eventually { terminal.text.contains(answer.prompt) }
      try #require(isAsked, "\(terminal.text)")
      terminal.type(answer.typed)
    }
    process.waitUntilExit()
    // What was written last is read by another thread.
    terminal.slave.write(Data("(end)".utf8))
    let isRead = eventually { terminal.text.contains("(end)") }
    #expect(isRead)
    var settings = termios()
    tcgetattr(terminal.slave.fileDescriptor, &settings)
    #expect(settings.c_lflag & tcflag_t(ECHO) != 0, "the terminal stays mute")
    return (process.terminationStatus, terminal.text)
  }

  @Test("What is typed is not shown") func whatIsTypedIsNotShown() throws {
    let (status, shown) = try onTerminal(
      ["secret", "set", "k"],
      [("Value of k: ", "hunX\u{7F}ter2é\u{7F}\r"), ("Once more: ", "oops\u{15}hunter2\r")])
    #expect(status == 0, "\(shown)")
    #expect(!shown.contains("hun") && !shown.contains("oops"))
    #expect(try sandbox.berth("secret", "get", "k").output == "hunter2")
  }

  @Test("Two values that differ are refused") func twoValuesThatDifferAreRefused() throws {
    let (status, shown) = try onTerminal(
      ["secret", "set", "k"], [("Value of k: ", "one\r"), ("Once more: ", "two\r")])
    #expect(status == 1)
    #expect(shown.contains("E0905"), "\(shown)")
    #expect(!FileManager.default.fileExists(atPath: sandbox.home))
  }

  @Test("An interrupt changes nothing") func anInterruptChangesNothing() throws {
    let (status, _) = try onTerminal(["secret", "set", "k"], [("Value of k: ", "hun\u{3}")])
    #expect(status == 130)
    #expect(!FileManager.default.fileExists(atPath: sandbox.home))
  }
}
