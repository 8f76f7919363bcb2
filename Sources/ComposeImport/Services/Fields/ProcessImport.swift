import Values
import WorkloadSpec

/// How the program of a service is run.
extension ServiceImport {
  /// A text that the spec has in a field of its own.
  mutating func state(_ entry: ComposeEntry, as path: String...) {
    guard let text = text(entry.value, for: entry.key), !text.isEmpty else { return }
    draft.stated[path] = .text(text, entry.value.location)
  }

  /// A truth that the spec has in a field of its own; `false` is what holds anyway.
  mutating func stateIfTrue(_ entry: ComposeEntry, as path: String...) {
    guard let text = filled(entry.value, for: entry.key) else { return }
    guard let isTrue = ComposeBool.value(text) else {
      return invalid(
        "`\(entry.key)` is `true` or `false`, not `\(text)`", at: entry.value.location,
        help: "write one of the two")
    }
    if isTrue { draft.stated[path] = .plain(true) }
  }

  /// A list of texts that the spec has in a field of its own.
  mutating func stateList(_ entry: ComposeEntry, as path: String...) {
    let texts = texts(entry.value, for: entry.key).filter { !$0.text.isEmpty }
    if !texts.isEmpty { draft.stated[path] = .list(texts.map { .text($0.text, $0.location) }) }
  }

  /// Names with texts that the spec has in a field of its own.
  mutating func stateMap(_ entry: ComposeEntry, as path: String...) {
    let members = members(entry.value, for: entry.key)
    if !members.isEmpty { draft.stated[path] = .map(members) }
  }

  /// Names with texts, of a mapping or of a list of `NAME=text`.
  mutating func members(_ node: ComposeNode, for key: String) -> [SpecDraft.Member] {
    guard node.isNull || node.entries != nil || node.elements != nil else {
      invalid(
        "`\(key)` takes a mapping, not \(node.phrase)", at: node.location,
        help: "write `name: value` below it")
      return []
    }
    return (ComposeMerge.assignments(node).entries ?? []).map { entry in
      let text = entry.value.isNull ? nil : text(entry.value, for: key)
      return SpecDraft.Member(key: entry.key, value: .text(text ?? ComposeText(""), entry.value.location))
    }
  }

  /// Who runs the program. What a variable without a value leaves empty says nothing, as it does for engines.
  mutating func readUser(_ entry: ComposeEntry) {
    guard let text = text(entry.value, for: "user") else { return }
    guard !text.resolved.contains(where: \.isWhitespace) else {
      return differs(
        "the user `\(text.resolved)` of `\(draft.composeName)` is left out: compose hands it on, and no engine runs it",
        at: entry.location,
        help: "compose starts no shell for it: write a name or a number, and the group after a colon")
    }
    let parts = text.split(":", maxSplits: 1)
    let isWhole = parts.allSatisfy { !$0.resolved.isEmpty || $0.variables.contains(where: \.isRequired) }
    guard !isWhole else {
      return draft.stated[["user"]] = .text(text, entry.value.location)
    }
    let names = filled(text, for: "user", at: entry.value.location).split(
      separator: ":", omittingEmptySubsequences: false
    ).map(String.init)
    guard names.contains(where: { !$0.isEmpty }) else { return }
    let group = names.count > 1 && !names[1].isEmpty ? ":\(names[1])" : ""
    draft.stated[["user"]] = .string((names[0].isEmpty ? "0" : names[0]) + group)
  }

  /// The signal that asks the program to stop, by name or number.
  mutating func readStopSignal(_ entry: ComposeEntry) {
    guard let text = filled(entry.value, for: "stop_signal"), !text.isEmpty else { return }
    let upper = text.uppercased()
    let signal =
      SignalName(upper) ?? SignalName("SIG" + upper) ?? Int(text).flatMap { SignalName(number: $0) }
    guard let signal else {
      return invalid("there is no signal `\(text)`", at: entry.value.location, help: "write it as `SIGTERM`")
    }
    draft.stated[["stopSignal"]] = .string(signal.name)
  }

  /// The system and processor of the image.
  mutating func readPlatform(_ entry: ComposeEntry) {
    guard let text = text(entry.value, for: "platform"), !text.isEmpty else { return }
    guard !text.resolved.contains("/") else {
      return draft.stated[["platform"]] = .text(text, entry.value.location)
    }
    let name = filled(text, for: "platform", at: entry.value.location)
    switch name {
    case "": break
    case "linux", "windows":
      lost(
        "`platform: \(name)`", at: entry.location,
        help: "write the processor, too, as in `platform: \(name)/amd64`")
    default: draft.stated[["platform"]] = .string("linux/\(name)")
    }
  }

  /// Where what it prints is kept.
  mutating func readLogging(_ node: ComposeNode) {
    reportUnread(of: node, in: "logging", read: ["driver", "options"])
    if let driver = node["driver"], let text = text(driver, for: "driver"), !text.isEmpty {
      draft.stated[["logging", "driver"]] = .text(text, driver.location)
    }
    if let options = node["options"] {
      let members = members(options, for: "options")
      if !members.isEmpty { draft.stated[["logging", "options"]] = .map(members) }
    }
  }

  /// Files of labels, the later over the earlier; what the service itself says wins.
  mutating func readLabelFiles(_ node: ComposeNode) {
    for (text, location) in texts(node, for: "label_file").reversed() {
      let path = FilePath.resolve(filled(text, for: "label_file", at: location), in: node.folder)
      guard let source = files.source(at: path) else {
        diagnostics.append(
          files.complaint(
            of: path, as: "the file of labels", at: location,
            help: "a path is taken from the folder of the file that it stands in"))
        continue
      }
      let file = EnvironmentFile(source, format: .standard, scope: VariableScope())
      diagnostics.append(contentsOf: file.diagnostics)
      let entries = file.entries.map { entry in
        ComposeEntry(
          key: entry.name, location: location, value: node.with(.scalar(ComposeText(entry.value ?? ""))))
      }
      addLabels(entries, for: "label_file")
    }
  }
}
