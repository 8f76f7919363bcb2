import WorkloadSpec

extension Rule where Subject == String {
  /// The name of an object of a cluster.
  static let domain = Rule(
    "lower-case letters, digits, `-` and dots, 253 characters at most",
    schema: [.init("pattern", #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#)],
    code: .badName
  ) { name in
    LabelText.isDomain(name)
      ? nil
      : RuleProblem(
        "`\(name)` is not a name of an object of Kubernetes",
        help: "use lower-case letters, digits and `-`, as in `fast-ssd`")
  }

  /// A name that may have a domain before it.
  static let resourceName = Rule(
    "a name, with a domain before it or not: `nvidia.com/gpu`",
    schema: [.init("pattern", #"^([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"#)], code: .badName
  ) { name in
    LabelText.isName(name)
      ? nil : RuleProblem("`\(name)` is not a name of Kubernetes", help: "write it as in `nvidia.com/gpu`")
  }

  /// A number of pods, or a share of them.
  static let share = Rule(
    "a number, or a share such as `50%`", schema: [.init("pattern", "^[0-9]{1,9}%?$")], code: .badQuantity
  ) { text in
    let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
    let isNumber =
      (1...9).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber, !text.hasSuffix("%") || (Int(digits) ?? 101) <= 100 else {
      return RuleProblem(
        "`\(text)` is neither a number nor a share", help: "write how many, or a share such as `50%`")
    }
    return nil
  }

  /// A filter of system calls that nodes have.
  static let seccompProfile = Rule(
    "`RuntimeDefault`, or `localhost/` and a path",
    schema: [.init("pattern", "^(RuntimeDefault|localhost/.+)$")], code: .badChoice
  ) { text in
    let prefix = KubernetesService.localProfile
    guard text != "RuntimeDefault", !text.hasPrefix(prefix) || text == prefix else { return nil }
    return RuleProblem(
      "`\(text)` is no filter that nodes have", help: "write `RuntimeDefault`, or `localhost/` and a path")
  }
}

extension Rule where Subject == StringMap {
  /// Every key is a name of an annotation.
  static let annotationNames = keys("names of annotations outside of `\(Mark.prefix)`", "an annotation") {
    LabelText.isName($0) && !$0.hasPrefix(Mark.prefix)
  }

  /// Every entry is a label.
  static let nodeLabels = Rule(
    "labels of nodes, each with its value", schema: [], code: .badLabel
  ) { map in
    for entry in map.entries where !LabelText.isName(entry.key) || !LabelText.isValue(entry.value) {
      return RuleProblem(
        "`\(entry.key): \(entry.value)` is no label of a node", help: "write it as in `disktype: ssd`",
        key: entry.key)
    }
    return nil
  }

  /// Every key is a name of a resource, and every value an amount.
  static let resourceNames = Rule(
    "names of resources, each with an amount", schema: [], code: .badQuantity
  ) { map in
    for entry in map.entries {
      let isAmount = ByteQuantity(amount: .string(entry.value)) != nil
      guard LabelText.isName(entry.key), isAmount else {
        return RuleProblem(
          "`\(entry.key): \(entry.value)` is no amount of a resource",
          help: "write it as in `hugepages-2Mi: 64Mi`", key: entry.key)
      }
    }
    return nil
  }

  private static func keys(
    _ words: String, _ what: String, _ isGood: @escaping @Sendable (String) -> Bool
  ) -> Rule {
    Rule(words, schema: [], code: .badLabel) { map in
      map.entries.first { !isGood($0.key) }.map { entry in
        RuleProblem(
          "`\(entry.key)` is not a name of \(what)", help: "write it as in `example.com/owner`",
          key: entry.key)
      }
    }
  }
}
