import Testing
import Values

/// What the scenario asks of berth, and what it is told.
extension EndToEndScenario {
  // MARK: Commands

  func berth(_ arguments: [String], input: String? = nil) throws -> Sandbox.Result {
    // What is only read has no place, and a saved plan names its own.
    if arguments[0] == "validate" || arguments.contains(Self.plan) && arguments[0] == "apply" {
      return try stage.sandbox.berth(arguments, input: input)
    }
    // Before what a command passes on.
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return try stage.sandbox.berth(arguments[..<end] + stage.place + arguments[end...], input: input)
  }

  func berth(_ arguments: String..., input: String? = nil) throws -> Sandbox.Result {
    try berth(arguments, input: input)
  }

  @discardableResult
  func succeed(
    _ arguments: String..., line: Testing.SourceLocation = #_sourceLocation
  ) throws -> Sandbox.Result {
    try succeed(arguments, line: line)
  }

  @discardableResult
  func succeed(
    _ arguments: [String], line: Testing.SourceLocation = #_sourceLocation
  ) throws -> Sandbox.Result {
    let result = try berth(arguments)
    #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)", sourceLocation: line)
    return result
  }

  @discardableResult
  func apply(_ more: String..., line: Testing.SourceLocation = #_sourceLocation) throws -> String {
    let result = try berth(["apply", "-f", Self.file, "--yes"] + more)
    #expect(result.status == 0, "\(result.output)\(result.errors)", sourceLocation: line)
    return result.output
  }

  /// Asks, and is told that there are changes.
  @discardableResult
  func differs(
    _ arguments: String..., line: Testing.SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try berth(arguments + ["--detailed-exitcode"])
    #expect(result.status == 2, "\(arguments): \(result.output)\(result.errors)", sourceLocation: line)
    return result.output
  }

  /// Nothing differs from the last release.
  func settled(line: Testing.SourceLocation = #_sourceLocation) throws {
    let drift = try berth("drift", "shop", "--detailed-exitcode")
    #expect(drift.status == 0, "\(drift.output)\(drift.errors)", sourceLocation: line)
  }

  func exec(_ service: String, _ script: String) throws -> String {
    try succeed("exec", "shop", "--service", service, "--", "sh", "-c", script).output
  }

  func environment(of service: String, _ name: String) throws -> String {
    try exec(service, "printf %s \"$\(name)\"")
  }

  // MARK: What is so

  func status() throws -> Value { try berth("status", "shop", "--format", "json").json }

  /// What runs, by the instance's place among all and the service: its process, or where the engine tells of none, in which
  /// instance it has run since when.
  func running() throws -> [String: String] {
    var lives: [String: String] = [:]
    for (place, instance) in (try status()["instances"]?.list ?? []).enumerated() {
      for service in instance["services"]?.list ?? []
      where ["running", "starting"].contains(service["state"]?.string) {
        let process = service["processID"]?.int.map { "process \($0)" }
        let (id, since) = (instance["id"]?.string ?? "", service["since"]?.string ?? "")
        lives["\(place)/\(service["name"]?.string ?? "")"] = process ?? "\(id) since \(since)"
      }
    }
    return lives
  }

  /// Whether a service that did not change is what it was before, as far as the engine leaves it alone, and else is another.
  func isSpared(_ name: String, _ before: [String: String], _ after: [String: String]) -> Bool {
    (before[name] == after[name]) == (stage.unit == .service)
  }

  /// One service was made anew, with those that the engine changes along with it.
  func expectChange(
    of service: String, from before: [String: String], to after: [String: String],
    line: Testing.SourceLocation = #_sourceLocation
  ) {
    #expect(after.keys == before.keys, sourceLocation: line)
    for name in before.keys {
      let isAsMeant =
        name.hasSuffix("/" + service) ? before[name] != after[name] : isSpared(name, before, after)
      #expect(isAsMeant, "\(name) was \(before), is \(after)", sourceLocation: line)
    }
  }

  func releases() throws -> [Int64] {
    let history = try berth("history", "shop", "--limit", "1000", "--format", "json")
    guard history.status == 0 else { return [] }
    return try (history.json.list ?? []).compactMap { $0["number"]?.int }.sorted()
  }
}
