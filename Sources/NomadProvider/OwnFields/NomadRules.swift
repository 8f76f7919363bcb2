import WorkloadSpec

extension Rule where Subject == String {
  /// A network that an instance can have.
  static let network = Rule(
    "`bridge`, `host`, `none`, or `cni/` and a name",
    schema: [.init("pattern", "^(bridge|host|none|cni/.+)$")], code: .badChoice
  ) { text in
    let isOne = ["bridge", "host", "none"].contains(text) || (text.hasPrefix("cni/") && text.utf8.count > 4)
    return isOne
      ? nil
      : RuleProblem("`\(text)` is no network of Nomad", help: "write `bridge`, `host`, `none` or `cni/NAME`")
  }
}

extension Rule where Subject == SpecDuration {
  /// Nomad has called tasks healthy that crashed, where they had to run for less.
  static let atLeastTwoSeconds = Rule("`2s` or more", code: .outOfRange) { duration in
    duration.milliseconds >= 2000
      ? nil : RuleProblem("this must be `2s` or more", help: "write `2s`, or leave it out")
  }
}

extension Rule where Subject == StringMap {
  /// Every key is one that berth does not write itself.
  static let foreignMeta = Rule(
    "names that do not begin with `\(Mark.prefix)`", schema: [], code: .badLabel
  ) { map in
    map.entries.first { $0.key.hasPrefix(Mark.prefix) || $0.key.isEmpty }.map { entry in
      RuleProblem(
        "`\(entry.key)` is not a name that a spec may use", help: "use another name", key: entry.key)
    }
  }
}
