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
      lost: ["start_interval": "`interval` holds from the start"], durations: ["start_interval"])
    if let period = node["start_period"], !period.isNull { _ = duration(period, for: "start_period") }
    if node["disable"].map({ ComposeBool.isTrue($0) }) ?? false { return }
    guard let test = node["test"], !test.isNull else {
      return lost(
        "the health check without a `test`", at: node.location,
        help: "write the image's check as `test`: it is not asked otherwise")
    }
    guard let command = checkCommand(test) else { return }
    draft.healthCheck = HealthCheckDraft(
      command: command, interval: checkDuration(node, "interval"), timeout: checkDuration(node, "timeout"),
      retries: node["retries"].flatMap { integer($0, for: "retries") }.flatMap { $0 > 0 ? $0 : nil } ?? 3,
      location: test.location)
  }

  /// A length of time of a check. What is not said, or 0, is as the engine has it for compose, not as a spec has it.
  private mutating func checkDuration(_ node: ComposeNode, _ key: String) -> SpecDuration {
    let length = node[key].flatMap { $0.isNull ? nil : duration($0, for: key) }
    return length.flatMap { $0.milliseconds > 0 ? $0 : nil } ?? .seconds(30)
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
