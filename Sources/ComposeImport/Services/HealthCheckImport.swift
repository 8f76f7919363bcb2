import WorkloadSpec

extension ServiceImport {
  mutating func readHealthCheck(_ node: ComposeNode) {
    guard node.entries != nil else {
      return invalid(
        "`healthcheck` takes a mapping, not \(node.phrase)", at: node.location, help: "write `test:` below it"
      )
    }
    reportUnread(
      of: node, in: "healthcheck",
      read: ["test", "interval", "timeout", "retries", "disable", "start_period", "start_interval"])
    let startPeriod = checkDuration(node, "start_period")
    let startInterval = checkDuration(node, "start_interval")
    if node["disable"].map({ ComposeBool.isTrue($0) }) ?? false {
      return draft.stated[["healthCheck", "disabled"]] = .plain(true)
    }
    guard let test = node["test"], !test.isNull else {
      return lost(
        "the health check without a `test`", at: node.location,
        help: "write the image's check as `test`: it is not asked otherwise")
    }
    guard let command = checkCommand(test) else { return }
    // What is not said, or 0, is as the engine has it for compose, not as a spec has it.
    draft.healthCheck = HealthCheckDraft(
      command: command, interval: checkDuration(node, "interval") ?? .seconds(30),
      timeout: checkDuration(node, "timeout") ?? .seconds(30),
      retries: node["retries"].flatMap { integer($0, for: "retries") }.flatMap { $0 > 0 ? $0 : nil } ?? 3,
      startPeriod: startPeriod, startInterval: startInterval, location: test.location)
  }

  /// A length of time of a check; `nil` for none, which 0 says, too.
  private mutating func checkDuration(_ node: ComposeNode, _ key: String) -> SpecDuration? {
    let length = node[key].flatMap { $0.isNull ? nil : duration($0, for: key) }
    return length.flatMap { $0.milliseconds > 0 ? $0 : nil }
  }

  /// The command of a check; `nil` if there is none.
  private mutating func checkCommand(_ test: ComposeNode) -> [ComposeText]? {
    let shell = [ComposeText("/bin/sh"), ComposeText("-c")]
    if let line = test.text { return shell + [line] }
    let words = texts(test, for: "test").map(\.text)
    switch words.first?.resolved {
    case "NONE":
      draft.stated[["healthCheck", "disabled"]] = .plain(true)
      return nil
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
