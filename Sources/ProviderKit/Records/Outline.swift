import Values

/// JSON of which what is large stands elsewhere, by content.
///
///     {"value": {…}, "moved": [{"at": ["services", 0, "configFiles", 0, "content"], "blob": "…", "is": "text"}]}
package struct Outline<Reference: ContentReference>: Sendable, Equatable {
  /// The JSON, on one line.
  package let line: [UInt8]
  /// What stands elsewhere.
  package let blobs: [Reference]

  /// What is moved elsewhere.
  package struct Sizes: Sendable {
    /// Texts of more than this many bytes.
    let text: Int
    /// Parts that are named, if what is left of them has more than this many bytes.
    let part: Int

    /// Where a record may be as long as it is: texts of more than 4 KiB alone.
    package static var textsAlone: Sizes { Sizes(text: 4 << 10, part: .max) }

    private init(text: Int, part: Int) {
      self.text = text
      self.part = part
    }

    /// - Parameter capacity: the most bytes of a register: two parts at their largest fit into one, with much to spare.
    init(capacity: Int) {
      text = min(4 << 10, capacity / 16)
      part = min(16 << 10, capacity / 8)
    }
  }

  /// Nothing.
  static var null: Outline { Outline(line: Array("null".utf8), blobs: []) }

  private init(line: [UInt8], blobs: [Reference]) {
    self.line = line
    self.blobs = blobs
  }

  /// Writes a value.
  ///
  /// - Parameters:
  ///   - part: the path of a part that may be moved as a whole.
  ///   - blob: has content written, and names it.
  init(_ value: Value, part: [String] = [], _ sizes: Sizes, blob: ([UInt8]) -> Reference) {
    let (json, blobs) = Self.split(value, part: part, sizes, blob: blob)
    line = CanonicalJSON.line(json)
    self.blobs = blobs
  }

  /// What an outline of a value says, and what of the value stands elsewhere.
  ///
  /// - Parameters:
  ///   - part: the path of a part that may be moved as a whole.
  ///   - blob: has content written, and names it.
  package static func split(
    _ value: Value, part: [String] = [], _ sizes: Sizes, blob: ([UInt8]) -> Reference
  ) -> (json: Value, blobs: [Reference]) {
    var moved: [Value] = []
    var blobs: [Reference] = []
    func move(_ content: [UInt8], from path: [Value], as kind: Kind) {
      let reference = blob(content)
      blobs.append(reference)
      moved.append(
        ["at": .list(path), "blob": .string(reference.text), "is": .string(kind.rawValue)])
    }
    func withoutTexts(_ value: Value, _ path: [Value]) -> Value {
      switch value {
      case .string(let text) where text.utf8.count > sizes.text:
        move(Array(text.utf8), from: path, as: .text)
        return .null
      case .list(let elements):
        return .list(elements.enumerated().map { withoutTexts($1, path + [Value($0)]) })
      case .map(let members):
        return .map(members.map { .init($0.key, withoutTexts($0.value, path + [.string($0.key)])) })
      default: return value
      }
    }
    var value = withoutTexts(value, [])
    let path = part.map(Value.string)
    if !part.isEmpty, let rest = value[path[...]], rest != .null {
      let line = CanonicalJSON.line(rest)
      if line.count > sizes.part, let without = value.replacing(path[...], with: .null) {
        move(line, from: path, as: .json)
        value = without
      }
    }
    return (["value": value, "moved": .list(moved)], blobs)
  }

  private enum Kind: String { case text, json }

  /// A value of which some stands elsewhere, as ``split(_:part:_:blob:)`` writes it down.
  package struct Moved: Sendable {
    private let value: Value
    private let moves: [(path: [Value], kind: Kind, reference: Reference)]

    /// What stands elsewhere.
    package var blobs: [Reference] { moves.map(\.reference) }

    /// Reads JSON.
    package init(json: Value) throws(MalformedRecord) {
      guard let value = json["value"], let moved = json["moved"]?.list else { throw MalformedRecord() }
      self.value = value
      var moves: [(path: [Value], kind: Kind, reference: Reference)] = []
      for move in moved {
        guard let path = move["at"]?.list, let kind = move["is"]?.string.flatMap(Kind.init(rawValue:)),
          let reference = move["blob"]?.string.flatMap(Reference.init(text:))
        else { throw MalformedRecord() }
        moves.append((path, kind, reference))
      }
      self.moves = moves
    }

    /// The whole value.
    ///
    /// - Parameter contents: what stands elsewhere, each as it is named in ``blobs``.
    package func value(with contents: [[UInt8]]) throws -> Value {
      var value = value
      // What was moved last holds the places of what was moved before.
      for (move, content) in zip(moves, contents).reversed() {
        let text = String(decoding: content, as: UTF8.self)
        guard let part = move.kind == .text ? .string(text) : try? Value(json: text),
          let whole = value.replacing(move.path[...], with: part)
        else { throw MalformedRecord() }
        value = whole
      }
      return value
    }
  }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - json: the line's JSON.
  ///   - blob: gets the content that is named.
  static func read(
    _ json: Value, line: ArraySlice<UInt8>, blob: (Reference) async throws -> [UInt8]
  ) async throws -> (Value, Outline) {
    let moved = try Moved(json: json)
    var contents: [[UInt8]] = []
    for reference in moved.blobs { contents.append(try await blob(reference)) }
    return (try moved.value(with: contents), Outline(line: Array(line), blobs: moved.blobs))
  }
}

extension Value {
  /// What stands at a path of keys and indices.
  fileprivate subscript(path: ArraySlice<Value>) -> Value? {
    guard let step = path.first else { return self }
    switch (self, step) {
    case (.map, .string(let key)): return self[key]?[path.dropFirst()]
    case (.list(let elements), .int(let index)) where elements.indices.contains(Int(index)):
      return elements[Int(index)][path.dropFirst()]
    default: return nil
    }
  }

  /// The same with something else at a path; `nil` if nothing stands there.
  fileprivate func replacing(_ path: ArraySlice<Value>, with value: Value) -> Value? {
    guard let step = path.first else { return value }
    switch (self, step) {
    case (.map(var members), .string(let key)):
      guard let index = members.firstIndex(where: { $0.key == key }),
        let inner = members[index].value.replacing(path.dropFirst(), with: value)
      else { return nil }
      members[index] = Member(key, inner)
      return .map(members)
    case (.list(var elements), .int(let index)) where elements.indices.contains(Int(index)):
      guard let inner = elements[Int(index)].replacing(path.dropFirst(), with: value) else { return nil }
      elements[Int(index)] = inner
      return .list(elements)
    default: return nil
    }
  }
}
