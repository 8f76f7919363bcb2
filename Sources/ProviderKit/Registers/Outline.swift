import WorkloadSpec

/// JSON of which what is large stands elsewhere, by content.
///
///     {"value": {…}, "moved": [{"at": ["services", 0, "configFiles", 0, "content"], "blob": "…", "is": "text"}]}
struct Outline: Sendable, Equatable {
  /// The JSON, on one line.
  let line: [UInt8]
  /// What stands elsewhere.
  let blobs: [BlobReference]

  /// What is moved elsewhere.
  struct Sizes: Sendable {
    /// Texts of more than this many bytes.
    let text: Int
    /// Parts that are named, if what is left of them has more than this many bytes.
    let part: Int

    /// - Parameter capacity: the most bytes of a register: two parts at their largest fit into one, with much to spare.
    init(capacity: Int) {
      text = min(4 << 10, capacity / 16)
      part = min(16 << 10, capacity / 8)
    }
  }

  /// Nothing.
  static let null = Outline(line: Array("null".utf8), blobs: [])

  private init(line: [UInt8], blobs: [BlobReference]) {
    self.line = line
    self.blobs = blobs
  }

  /// Writes a value.
  ///
  /// - Parameters:
  ///   - part: the path of a part that may be moved as a whole.
  ///   - blob: has content written, and names it.
  init(_ value: Value, part: [String], _ sizes: Sizes, blob: ([UInt8]) -> BlobReference) {
    var moved: [Value] = []
    var blobs: [BlobReference] = []
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
    if let rest = value[path[...]], rest != .null {
      let line = RegisterText.line(rest)
      if line.count > sizes.part, let without = value.replacing(path[...], with: .null) {
        move(line, from: path, as: .json)
        value = without
      }
    }
    line = RegisterText.line(["value": value, "moved": .list(moved)])
    self.blobs = blobs
  }

  private enum Kind: String { case text, json }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - json: the line's JSON.
  ///   - blob: gets the content that is named.
  static func read(
    _ json: Value, line: ArraySlice<UInt8>, blob: (BlobReference) async throws -> [UInt8]
  ) async throws -> (Value, Outline) {
    guard var value = json["value"], let moved = json["moved"]?.list else { throw MalformedRecord() }
    var blobs: [BlobReference] = []
    // What was moved last holds the places of what was moved before.
    for move in moved.reversed() {
      guard let path = move["at"]?.list, let kind = move["is"]?.string.flatMap(Kind.init(rawValue:)),
        let reference = move["blob"]?.string.flatMap(BlobReference.init(text:))
      else { throw MalformedRecord() }
      let text = String(decoding: try await blob(reference), as: UTF8.self)
      let part = kind == .text ? .string(text) : try Value(json: text)
      guard let whole = value.replacing(path[...], with: part) else { throw MalformedRecord() }
      value = whole
      blobs.append(reference)
    }
    return (value, Outline(line: Array(line), blobs: blobs.reversed()))
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
