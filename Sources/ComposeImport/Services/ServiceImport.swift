import Diagnostics
import SpecImport
import WorkloadSpec

/// Turns one service of a compose file into a draft, key by key.
struct ServiceImport {
  let project: ComposeProject
  let options: ComposeOptions
  let node: ComposeNode
  let names: LabelNames
  /// The names of the declared volumes.
  let volumeNames: LabelNames
  var draft: ServiceDraft
  var files: FileReader
  var diagnostics = Diagnostics()
  /// What tells the ports so far apart, with the number on the host.
  var hostPorts: [String: HostPort] = [:]
  /// The names of volumes that are taken, by other services too.
  var takenVolumes: UniqueLabels
  /// The names of config files that are taken.
  var takenFiles = UniqueLabels()
  /// The declared volumes that are mounted already.
  var mountedVolumes: Set<String> = []

  init(
    _ entry: ComposeEntry, of project: ComposeProject, names: LabelNames, volumeNames: LabelNames,
    takenVolumes: UniqueLabels, options: ComposeOptions, files: FileReader
  ) {
    self.project = project
    self.options = options
    self.files = files
    self.names = names
    self.volumeNames = volumeNames
    self.takenVolumes = takenVolumes
    node = entry.value
    draft = ServiceDraft(
      composeName: entry.key, name: names[entry.key] ?? entry.key, location: entry.location)
  }

  /// Reads every key.
  mutating func run() {
    for entry in node.entries ?? [] {
      guard !entry.value.isNull || ServiceKeys.takesNothing.contains(entry.key) else { continue }
      switch ServiceKeys.handlings[entry.key] {
      case .read(let read): read(&self, entry)
      case .elsewhere: break
      case .lost(let help): lost("`\(entry.key)`", at: entry.location, help: help)
      case .lostIfTrue(let help):
        if filled(entry.value, for: entry.key).map({ ComposeBool.value($0) != false }) ?? true {
          lost("`\(entry.key)`", at: entry.location, help: help)
        }
      case .lostUnlessZero(let help): lostUnlessZero(entry, "`\(entry.key)`", help: help)
      case nil:
        guard !entry.key.hasPrefix("x-") else { continue }
        diagnostics.reportUnknown(
          entry, in: "a service of compose", known: Array(ServiceKeys.handlings.keys))
      }
    }
    if let labels = node["label_file"], !labels.isNull { readLabelFiles(labels) }
    readImage()
    readCommand()
    readEnvironment()
    readQuota()
    readSwap()
    finishNetworks()
    draft.notes = diagnostics
  }

  // MARK: Reporting

  /// Something that is not in the spec.
  mutating func lost(_ what: String, at location: SourceLocation, help: String) {
    diagnostics.report(
      .notCarriedOver, "\(what) of `\(draft.composeName)` has no equivalent", at: location, help: help)
  }

  /// A number that is not in the spec, unless it is 0, which says that there is none.
  mutating func lostUnlessZero(_ entry: ComposeEntry, _ what: String, help: String) {
    guard !ComposeAmount.isZero(entry.value.text?.resolved ?? "") else { return }
    lost(what, at: entry.location, help: help)
  }

  /// Something that the spec says in another way.
  mutating func differs(_ message: String, at location: SourceLocation, help: String) {
    diagnostics.report(.carriedOverDifferently, message, at: location, help: help)
  }

  /// Something that compose does not understand either.
  mutating func invalid(_ message: String, at location: SourceLocation, help: String) {
    diagnostics.report(.composeInvalid, message, at: location, help: help)
  }

  /// Keys that are not in the spec. Of those that hold lengths of time or numbers, 0 says that there is nothing; a
  /// length of time is read all the same, so that a wrong one is an error.
  mutating func reportUnread(
    of node: ComposeNode, in place: String, read: Set<String>, lost: [String: String] = [:],
    durations: Set<String> = [], numbers: Set<String> = []
  ) {
    for entry in node.entries ?? [] where !read.contains(entry.key) && !entry.key.hasPrefix("x-") {
      if let help = lost[entry.key] {
        guard !entry.value.isNull else { continue }
        if durations.contains(entry.key) { _ = duration(entry.value, for: entry.key) }
        if durations.union(numbers).contains(entry.key) {
          lostUnlessZero(entry, "`\(entry.key)` in `\(place)`", help: help)
        } else {
          self.lost("`\(entry.key)` in `\(place)`", at: entry.location, help: help)
        }
      } else {
        diagnostics.reportUnknown(entry, in: "`\(place)`", known: read.union(lost.keys).sorted())
      }
    }
  }

  // MARK: Values

  /// The text of a scalar, its variables kept.
  mutating func text(_ node: ComposeNode, for key: String) -> ComposeText? {
    if let text = node.text { return text }
    if !node.isNull {
      invalid("`\(key)` takes a text, not \(node.phrase)", at: node.location, help: "write one value")
    }
    return nil
  }

  /// The text of a scalar where a spec can't have a variable.
  mutating func filled(_ node: ComposeNode, for key: String) -> String? {
    guard let text = text(node, for: key) else { return nil }
    let filled = filled(text, for: key, at: node.location)
    return text.variables.contains(where: \.isRequired) ? nil : filled
  }

  /// The text where a spec can't have a variable.
  mutating func filled(_ text: ComposeText, for key: String, at location: SourceLocation) -> String {
    for use in text.variables {
      if use.isRequired {
        diagnostics.reportMissing(use.name, use.reason, at: location)
      } else {
        diagnostics.report(
          .variableFilledIn,
          "`\(key)` can't hold a variable: `\(use.name)` is filled in as `\(use.value ?? "")`",
          at: location, help: "change the value in the spec, or give each environment a file of its own")
      }
    }
    return text.resolved
  }

  /// A whole number.
  mutating func integer(_ node: ComposeNode, for key: String) -> Int? {
    guard let text = filled(node, for: key) else { return nil }
    if let number = Int(text) { return number }
    invalid("`\(key)` must be a whole number, not `\(text)`", at: node.location, help: "write digits only")
    return nil
  }

  /// A length of time.
  mutating func duration(_ node: ComposeNode, for key: String) -> SpecDuration? {
    guard let text = filled(node, for: key) else { return nil }
    if let duration = ComposeAmount.duration(text) { return duration }
    if ComposeAmount.lacksUnit(text) {
      diagnostics.report(
        .durationWithoutUnit, "`\(key)` is `\(text)`, and a length of time needs a unit", at: node.location,
        help: ComposeAmount.isNumber(text)
          ? "seconds are probably meant: write `\(text)s`"
          : "write the unit of the last number, as in `1m30s`")
    } else {
      invalid("`\(text)` is not a length of time", at: node.location, help: "write it as `10s` or `1m30s`")
    }
    return nil
  }

  /// An amount of bytes; `nil` for none, which 0 means.
  mutating func bytes(_ node: ComposeNode, for key: String) -> ByteQuantity? {
    guard let text = filled(node, for: key) else { return nil }
    if let bytes = ComposeAmount.bytes(text) { return bytes > 0 ? ByteQuantity(bytes: bytes) : nil }
    invalid("`\(text)` is not an amount of bytes", at: node.location, help: "write it as `512m` or `1g`")
    return nil
  }

  /// A list of texts; a single one is a list of one.
  mutating func texts(_ node: ComposeNode, for key: String) -> [(text: ComposeText, location: SourceLocation)]
  {
    var result: [(ComposeText, SourceLocation)] = []
    for element in ComposeMerge.texts(node).elements ?? [] {
      if let text = text(element, for: key) { result.append((text, element.location)) }
    }
    return result
  }

  /// The elements of a list.
  mutating func elements(_ node: ComposeNode, for key: String) -> [ComposeNode] {
    if let elements = node.elements { return elements }
    invalid(
      "`\(key)` takes a list, not \(node.phrase)", at: node.location,
      help: "put a `-` in front of each element")
    return []
  }
}
