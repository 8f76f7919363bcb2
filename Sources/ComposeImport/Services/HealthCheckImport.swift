import WorkloadSpec

extension ServiceImport {
  /// The health check. How long a service may take to start needs no word: a check that fails before it ever
  /// succeeded makes nothing unready.
  mutating func readHealthCheck(_ node: ComposeNode) {
    guard node.entries != nil else {
      return invalid(
        "`healthcheck` takes a mapping, not \(node.phrase)", at: node.location, help: "write `test:` below it"
      )
    }
    reportUnread(
      of: node, in: "healthcheck",
      read: ["test", "interval", "timeout", "retries", "disable", "start_period"],
      lost: ["start_interval": "`interval` holds from the start"])
    if node["disable"].flatMap({ filled($0, for: "disable") }) == "true" { return }
    guard let test = node["test"], !test.isNull else {
      return lost(
        "the health check without a `test`", at: node.location,
        help: "write the image's check as `test`: it is not asked otherwise")
    }
    guard let command = checkCommand(test) else { return }
    // What is not said is as compose has it, not as a spec would.
    draft.healthCheck = HealthCheckDraft(
      command: command,
      interval: node["interval"].flatMap { duration($0, for: "interval") } ?? .seconds(30),
      timeout: node["timeout"].flatMap { duration($0, for: "timeout") } ?? .seconds(30),
      retries: max(1, node["retries"].flatMap { integer($0, for: "retries") } ?? 3), location: test.location)
  }

  /// The command of a check; `nil` if there is none.
  private mutating func checkCommand(_ test: ComposeNode) -> [ComposeText]? {
    let shell = [ComposeText("/bin/sh"), ComposeText("-c")]
    if let line = test.text { return shell + [line] }
    let words = texts(test, for: "test").map(\.text)
    switch words.first?.resolved {
    case "NONE": return nil
    case "CMD" where words.count > 1: return Array(words.dropFirst())
    case "CMD-SHELL" where words.count == 2: return shell + [words[1]]
    default:
      invalid(
        "`test` starts with `CMD`, `CMD-SHELL` or `NONE`", at: test.location,
        help: "write `[CMD, program, argument]`, or `[CMD-SHELL, \"a line for the shell\"]`")
      return nil
    }
  }
}
