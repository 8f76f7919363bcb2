import CYAML
import Diagnostics
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads YAML text into a ``NodeTree``.
///
/// Aliases are copied in and merge keys are resolved here, each under a limit, so that nothing downstream
/// has to know of them and no document can grow out of proportion to its bytes.
public enum YAMLReader {
  /// How deep sequences and mappings may nest. No field of the language goes deeper than eight.
  public static let maximumDepth = 64
  /// How many nodes aliases and merge keys of one file may add.
  public static let maximumAliasNodes = 100_000
  /// How many bytes of text aliases and merge keys of one file may add: 64 MiB.
  public static let maximumAliasBytes = 64 << 20
  /// How many nodes one file may have: more than a real file of the largest size that is read.
  public static let maximumNodes = 10_000_000

  /// Reads all documents of a file. What can't be read is reported, and ends the reading of that file.
  ///
  /// - Parameter takesLayerTags: whether nodes may have a ``LayerTag``. Any other tag that says more than the
  ///   kind of a node is an error.
  public static func read(
    _ file: SourceFile, takesLayerTags: Bool = false, into diagnostics: inout Diagnostics
  ) -> NodeTree {
    var reading = YAMLReading(file: file, takesLayerTags: takesLayerTags)
    reading.run()
    diagnostics.append(contentsOf: reading.diagnostics)
    return reading.builder.build()
  }
}

private struct YAMLReading {
  /// Events are large, and there is one for each node: none is copied.
  private typealias Event = UnsafePointer<yaml_event_t>

  let file: SourceFile
  let takesLayerTags: Bool
  var builder = NodeTreeBuilder()
  var diagnostics = Diagnostics()
  /// The innermost sequence or mapping that is open.
  private var innermost: Open?
  /// Those around it, from the outside in.
  private var outer: [Open] = []
  private var anchors: [String: Int] = [:]
  /// The anchors in the order of the nodes that they name.
  private var anchorOrder: [(name: String, node: Int)] = []
  private var aliasNodes = 0
  private var aliasBytes = 0
  private var isInDocument = false
  private var stopped = false

  /// A sequence or mapping whose end was not met yet.
  private struct Open {
    /// The index of its record.
    let index: Int
    let kind: NodeKind
    /// How many children it has so far.
    var children = 0
    /// Whether one of them is a merge key.
    var merges = false

    /// Whether its next child is a key.
    var expectsKey: Bool { kind == .mapping && children.isMultiple(of: 2) }
  }

  init(file: SourceFile, takesLayerTags: Bool) {
    self.file = file
    self.takesLayerTags = takesLayerTags
    builder.files = [file]
    // A typical spec has a node for about every seven bytes; growing an array of millions copies it often.
    builder.records.reserveCapacity(file.bytes.count / 7 + 16)
    builder.text.reserveCapacity(file.bytes.count / 2 + 16)
  }

  mutating func run() {
    if file.bytes.starts(with: [0xFE, 0xFF]) || file.bytes.starts(with: [0xFF, 0xFE]) {
      diagnostics.report(
        .notUTF8, "this is UTF-16", at: location(line: 1, column: 1), help: "save the file as UTF-8")
      return
    }
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      diagnostics.report(
        .fileTooLarge, "there is not enough memory to read this file", at: location(line: 1, column: 1))
      return
    }
    defer { yaml_parser_delete(&parser) }
    file.bytes.withUnsafeBufferPointer { bytes in
      // libyaml takes no null pointer, not even for no bytes.
      var nothing: UInt8 = 0
      withUnsafePointer(to: &nothing) { nothing in
        yaml_parser_set_input_string(&parser, bytes.baseAddress ?? nothing, bytes.count)
        var event = yaml_event_t()
        while !stopped {
          guard yaml_parser_parse(&parser, &event) == 1 else {
            reportFailure(of: parser)
            return
          }
          let done = event.type == YAML_STREAM_END_EVENT
          if builder.records.count >= YAMLReader.maximumNodes {
            stop(
              .fileTooLarge, "this file has more than \(YAMLReader.maximumNodes) values", &event,
              help: "split the file")
          }
          handle(&event)
          yaml_event_delete(&event)
          if done { return }
        }
      }
    }
    if stopped { dropOpenDocument() }
  }

  // MARK: Events

  private mutating func handle(_ event: Event) {
    switch event.pointee.type {
    case YAML_SCALAR_EVENT: scalar(event)
    case YAML_MAPPING_START_EVENT:
      start(
        .mapping, event, anchor: event.pointee.data.mapping_start.anchor,
        tag: event.pointee.data.mapping_start.tag)
    case YAML_SEQUENCE_START_EVENT:
      start(
        .sequence, event, anchor: event.pointee.data.sequence_start.anchor,
        tag: event.pointee.data.sequence_start.tag)
    case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: end(event)
    case YAML_ALIAS_EVENT: alias(event)
    case YAML_DOCUMENT_START_EVENT:
      anchors.removeAll(keepingCapacity: true)
      anchorOrder.removeAll(keepingCapacity: true)
      isInDocument = true
    case YAML_DOCUMENT_END_EVENT: isInDocument = false
    default: break
    }
  }

  private mutating func scalar(_ event: Event) {
    let scalar = event.pointee.data.scalar
    var record = record(.scalar, event)
    let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    record.textStart = builder.append(text: bytes)
    record.textCount = UInt32(scalar.length)
    if scalar.style == YAML_PLAIN_SCALAR_STYLE { record.flags.insert(.plain) }
    if scalar.length > 0, memchr(scalar.value, Int32(UInt8(ascii: "$")), scalar.length) != nil {
      record.flags.insert(.dollar)
      builder.hasDollars = true
    }
    if let tag = scalar.tag {
      switch string(tag) {
      case "tag:yaml.org,2002:str", "!": record.flags.insert(.text)
      case "tag:yaml.org,2002:int", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:float",
        "tag:yaml.org,2002:null":
        break
      case let other:
        guard let layerTag = layerTag(other) else { return refuse(tag: other, event) }
        record.flags.insert(layerTag.flag)
      }
    }
    place(record, anchor: scalar.anchor)
  }

  private mutating func start(
    _ kind: NodeKind, _ event: Event, anchor: UnsafeMutablePointer<UInt8>?,
    tag: UnsafeMutablePointer<UInt8>?
  ) {
    var record = record(kind, event)
    if let tag {
      let expected = kind == .mapping ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq"
      if let layerTag = layerTag(string(tag)) {
        record.flags.insert(layerTag.flag)
      } else if string(tag) != expected {
        return refuse(tag: string(tag), event)
      }
    }
    if innermost?.expectsKey == true {
      stop(
        .complexKey, "a key must be plain text, not a \(kind == .mapping ? "mapping" : "list")", event,
        help: isTemplate(kind, event)
          ? "`{{ … }}` of a template means nothing here: write `${var.NAME}`"
          : "write the key as a word, followed by a colon")
      return
    }
    if innermost != nil, outer.count + 1 >= YAMLReader.maximumDepth {
      stop(
        .nestedTooDeep, "this is nested more than \(YAMLReader.maximumDepth) levels deep", event,
        help: "no field of a workload is nested that deep; look for a bracket that is never closed")
      return
    }
    place(record, anchor: anchor)
    if let innermost { outer.append(innermost) }
    innermost = Open(index: builder.records.count - 1, kind: kind)
  }

  private func layerTag(_ tag: String) -> LayerTag? { takesLayerTags ? LayerTag(rawValue: tag) : nil }

  /// Whether a mapping starts right behind the brace of another.
  private func isTemplate(_ kind: NodeKind, _ event: Event) -> Bool {
    guard kind == .mapping, let parent = innermost.map({ builder.records[$0.index] }) else { return false }
    return parent.line == event.pointee.start_mark.line + 1
      && parent.column == event.pointee.start_mark.column
      && event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
  }

  private mutating func end(_ event: Event) {
    guard let closed = innermost else { return }
    innermost = outer.popLast()
    builder.close(closed.index)
    if closed.merges { resolveMergeKeys(of: closed.index, event) }
  }

  private mutating func alias(_ event: Event) {
    let name = string(event.pointee.data.alias.anchor)
    guard let target = anchors[name] else {
      stop(
        .unknownAlias, "there is no anchor `&\(name)` above this alias", event,
        help: Suggestion.help(for: name, among: anchors.keys.sorted())
          ?? "define it first: `&\(name)`; or put it in quotes if it is a text: `\"*\(name)\"`")
      return
    }
    if innermost?.index == target || outer.contains(where: { $0.index == target }) {
      stop(
        .unknownAlias, "`*\(name)` stands inside of its own anchor, so it would never end", event,
        help: "write out what is meant")
      return
    }
    guard spendAliases([target..<target + Int(builder.records[target].size)], event) else { return }
    countChild(isMergeKey: false)
    if innermost == nil { builder.roots.append(builder.records.count) }
    builder.appendCopy(of: target)
  }

  // MARK: Placing

  private mutating func place(_ record: NodeRecord, anchor: UnsafeMutablePointer<UInt8>?) {
    let isMergeKey =
      record.textCount == 2 && record.flags.contains(.plain) && innermost?.expectsKey == true
      && builder.text[Int(record.textStart)] == UInt8(ascii: "<")
      && builder.text[Int(record.textStart) + 1] == UInt8(ascii: "<")
    countChild(isMergeKey: isMergeKey)
    if innermost == nil { builder.roots.append(builder.records.count) }
    if let anchor {
      let name = string(anchor)
      anchors[name] = builder.records.count
      anchorOrder.append((name, builder.records.count))
    }
    builder.records.append(record)
  }

  private mutating func countChild(isMergeKey: Bool) {
    innermost?.children += 1
    if isMergeKey { innermost?.merges = true }
  }

  private func record(_ kind: NodeKind, _ event: Event) -> NodeRecord {
    let sameLine = kind == .scalar && event.pointee.start_mark.line == event.pointee.end_mark.line
    return NodeRecord(
      kind: kind, line: UInt32(event.pointee.start_mark.line + 1),
      column: UInt32(event.pointee.start_mark.column + 1),
      endColumn: sameLine ? UInt32(event.pointee.end_mark.column + 1) : 0)
  }

  // MARK: Merge keys

  /// Replaces `<<: *a` by the members of `a` that the mapping does not have itself.
  private mutating func resolveMergeKeys(of index: Int, _ event: Event) {
    var own: [(key: Int, value: Int)] = []
    var sources: [Int] = []
    var key = index + 1
    while key < builder.records.count {
      let value = key + Int(builder.records[key].size)
      if isMergeKey(key) { sources.append(value) } else { own.append((key, value)) }
      key = value + Int(builder.records[value].size)
    }
    var names = Set(own.map { keyText($0.key) })
    var merged: [(key: Int, value: Int)] = []
    for source in sources.flatMap({ mergedMappings(of: $0) }) {
      guard builder.records[source].kind == .mapping else {
        diagnostics.report(
          .badMergeKey, "`<<` takes a mapping or a list of mappings", at: place(of: source),
          help: "merge an anchored mapping: `<<: *defaults`")
        continue
      }
      var key = source + 1
      let end = source + Int(builder.records[source].size)
      while key < end {
        let value = key + Int(builder.records[key].size)
        if names.insert(keyText(key)).inserted { merged.append((key, value)) }
        key = value + Int(builder.records[value].size)
      }
    }
    let added = merged.map { $0.key..<$0.value + Int(builder.records[$0.value].size) }
    guard spendAliases(added, event) else { return }

    var children: [NodeRecord] = []
    var moves: [(from: Range<Int>, to: Int)] = []
    for (key, value) in own {
      moves.append((key..<value + Int(builder.records[value].size), index + 1 + children.count))
      children.append(builder.records[key])
      children.append(contentsOf: builder.records[value..<value + Int(builder.records[value].size)])
    }
    for (key, value) in merged {
      children.append(builder.records[key])
      children.append(contentsOf: builder.records[value..<value + Int(builder.records[value].size)])
    }
    moveAnchors(inside: index, moves)
    builder.records.removeSubrange((index + 1)...)
    builder.records.append(contentsOf: children)
    builder.close(index)
  }

  /// Lets the anchors inside of a mapping follow the members that they stand in. What stands in a merge key's
  /// value is gone, and its anchors with it.
  private mutating func moveAnchors(inside index: Int, _ moves: [(from: Range<Int>, to: Int)]) {
    var moves = moves
    var moved: [(name: String, node: Int)] = []
    while let (name, node) = anchorOrder.last, node > index {
      anchorOrder.removeLast()
      while let last = moves.last, last.from.lowerBound > node { moves.removeLast() }
      let isCurrent = anchors[name] == node
      if let move = moves.last, move.from.contains(node) {
        let target = move.to + node - move.from.lowerBound
        moved.append((name, target))
        if isCurrent { anchors[name] = target }
      } else if isCurrent {
        anchors[name] = nil
      }
    }
    anchorOrder.append(contentsOf: moved.reversed())
  }

  private func mergedMappings(of value: Int) -> [Int] {
    guard builder.records[value].kind == .sequence else { return [value] }
    var elements: [Int] = []
    var child = value + 1
    let end = value + Int(builder.records[value].size)
    while child < end {
      elements.append(child)
      child += Int(builder.records[child].size)
    }
    return elements
  }

  private func isMergeKey(_ key: Int) -> Bool {
    builder.records[key].flags.contains(.plain) && keyText(key) == "<<"
  }

  private func keyText(_ key: Int) -> String {
    let start = Int(builder.records[key].textStart)
    return String(decoding: builder.text[start..<start + Int(builder.records[key].textCount)], as: UTF8.self)
  }

  // MARK: Reporting

  /// Counts the records that are about to be copied.
  private mutating func spendAliases(_ copied: [Range<Int>], _ event: Event) -> Bool {
    aliasNodes += copied.reduce(0) { $0 + $1.count }
    guard aliasNodes <= YAMLReader.maximumAliasNodes else {
      stopAliases("\(YAMLReader.maximumAliasNodes) nodes", event)
      return false
    }
    for range in copied {
      aliasBytes += builder.records[range].reduce(0) { $0 + Int($1.textCount) }
    }
    guard aliasBytes <= YAMLReader.maximumAliasBytes else {
      stopAliases("\(YAMLReader.maximumAliasBytes >> 20) MiB", event)
      return false
    }
    return true
  }

  private mutating func stopAliases(_ limit: String, _ event: Event) {
    stop(
      .aliasesTooLarge, "aliases in this file expand to more than \(limit)", event,
      help: "write the repeated part out, or split the file")
  }

  private mutating func refuse(tag: String, _ event: Event) {
    let short = tag.hasPrefix("tag:yaml.org,2002:") ? "!!" + tag.dropFirst(18) : tag
    stop(
      .unknownTag, "the tag `\(short)` means nothing here", event,
      help: "leave the tag out: a field's type is known from its name")
  }

  private mutating func stop(
    _ code: DiagnosticCode, _ message: String, _ event: Event, help: String?
  ) {
    let mark = event.pointee.start_mark
    let length =
      event.pointee.end_mark.line == mark.line
      ? max(1, Int(event.pointee.end_mark.column) - Int(mark.column)) : 1
    diagnostics.report(
      code, message,
      at: SourceLocation(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1, length: length),
      help: help)
    stopped = true
  }

  private mutating func reportFailure(of parser: yaml_parser_t) {
    let problem = parser.problem.map { String(cString: $0) } ?? "it can't be read"
    if parser.error == YAML_READER_ERROR {
      reportReaderFailure(problem, offset: Int(parser.problem_offset), value: Int(parser.problem_value))
    } else if parser.error == YAML_MEMORY_ERROR {
      diagnostics.report(
        .fileTooLarge, "there is not enough memory to read this file", at: location(line: 1, column: 1))
    } else {
      let place = location(
        line: Int(parser.problem_mark.line) + 1, column: Int(parser.problem_mark.column) + 1)
      let start = location(
        line: Int(parser.context_mark.line) + 1, column: Int(parser.context_mark.column) + 1)
      let known = YAMLProblem.entry(for: isTab(at: place) ? "found a tab character" : problem)
      // What is never closed is mended where it starts, not where the file ends.
      let isMendedAtStart = known?.isMendedAtStart == true && parser.context != nil
      var related: [RelatedLocation] = []
      if isMendedAtStart {
        related.append(RelatedLocation(message: "this is where it goes wrong", location: place))
      } else if parser.context != nil, start.line != place.line {
        related.append(RelatedLocation(message: "it belongs to what starts here", location: start))
      }
      diagnostics.report(
        .invalidYAML, known?.message ?? problem, at: isMendedAtStart ? start : place,
        help: trap(at: place, openedAt: parser.context == nil ? nil : start).help(for: problem) ?? known?.help
          ?? "check the indentation, the quotes and the brackets around this place",
        related: related)
    }
    dropOpenDocument()
  }

  private func trap(at place: SourceLocation, openedAt start: SourceLocation?) -> YAMLTrap {
    YAMLTrap(
      line: file.line(place.line) ?? "", column: place.column - 1,
      opening: start.flatMap { start in
        file.line(start.line).map { String($0.unicodeScalars.dropFirst(start.column - 1)) }
      })
  }

  private func isTab(at place: SourceLocation) -> Bool {
    file.line(place.line)?.unicodeScalars.dropFirst(place.column - 1).first == "\t"
  }

  private mutating func reportReaderFailure(_ problem: String, offset: Int, value: Int) {
    var offset = min(max(0, offset), file.bytes.count)
    if problem.contains("trailing") {
      // libyaml names the byte that does not continue a sequence; the sequence itself is what is wrong.
      repeat { offset -= 1 } while offset > 0 && file.bytes[offset] & 0xC0 == 0x80
    }
    let text = TextPlace(offset: max(0, offset), in: file.bytes)
    let place = location(line: text.line, column: text.column)
    if problem.contains("control characters") {
      diagnostics.report(
        .controlCharacter, "the control character U+\(Hex.upper(value, digits: 4)) is not allowed here",
        at: place,
        help: "delete it, or write it as an escape in a double-quoted string, such as \"\\e\"")
    } else {
      diagnostics.report(
        .notUTF8, "this is not valid UTF-8 (\(problem))", at: place,
        help: "save the file as UTF-8")
    }
  }

  /// A document that is not whole is not decoded: what it lacks would be reported as missing.
  private mutating func dropOpenDocument() {
    guard isInDocument, let root = builder.roots.last, root < builder.records.count else { return }
    builder.roots.removeLast()
    builder.records.removeSubrange(root...)
  }

  private func place(of index: Int) -> SourceLocation {
    let record = builder.records[index]
    return location(line: Int(record.line), column: Int(record.column))
  }

  private func location(line: Int, column: Int) -> SourceLocation {
    SourceLocation(file: file, line: line, column: column)
  }

  private func string(_ bytes: UnsafeMutablePointer<UInt8>?) -> String {
    bytes.map { String(cString: $0) } ?? ""
  }
}
