import Values

/// The kind of a value of the API.
indirect enum ShapeKind: Sendable, Equatable {
  case string, int, number, bool, time, any
  case list(ShapeKind)
  case map(ShapeKind)
  case object(String)

  init(_ text: Substring) {
    if text.hasPrefix("[") {
      self = .list(ShapeKind(text.dropFirst().dropLast()))
    } else if text.hasPrefix("{") {
      self = .map(ShapeKind(text.dropFirst().dropLast()))
    } else {
      switch text {
      case "string": self = .string
      case "int": self = .int
      case "number": self = .number
      case "bool": self = .bool
      case "time": self = .time
      case "any": self = .any
      default: self = .object(String(text))
      }
    }
  }
}

/// The members of an object of the API.
struct Shape: Sendable {
  let name: String
  /// Each member with its kind, and the minor version of Nomad 1 from which it is there.
  let members: [String: (kind: ShapeKind, since: Int)]

  static let all: [String: Shape] = {
    var shapes: [String: Shape] = [:]
    var name = ""
    var members: [String: (kind: ShapeKind, since: Int)] = [:]
    for word in ShapeTable.text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if word.hasSuffix(":") {
        if !name.isEmpty { shapes[name] = Shape(name: name, members: members) }
        (name, members) = (String(word.dropLast()), [:])
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1)
      let kind = parts[1].split(separator: "@")
      let since = kind.count > 1 ? Int(kind[1].split(separator: ".")[1]) ?? 0 : 0
      members[String(parts[0])] = (ShapeKind(kind[0]), since)
    }
    shapes[name] = Shape(name: name, members: members)
    return shapes
  }()
}

/// Reads what a request carries as a server of a version does: what it does not know is dropped without a word, what is of
/// another kind is refused.
struct ShapeReader {
  let minor: Int

  /// Why a body is refused, as Go's reader of JSON says it.
  struct Refusal: Error, Equatable { let text: String }

  /// - Parameters:
  ///   - owner: the innermost object that the value is a member of.
  ///   - path: the members that lead to it from the whole.
  func read(
    _ json: JSON, as kind: ShapeKind, of owner: String = "", at path: [String] = []
  ) throws(Refusal) -> JSON {
    if json.isNull { return json }
    switch (kind, json) {
    case (.any, _), (.string, .string), (.time, .string), (.bool, .bool), (.int, .int), (.number, .int),
      (.number, .number):
      return json
    case (.list(let element), .array(let elements)):
      var read: [JSON] = []
      for json in elements { read.append(try self.read(json, as: element, of: owner, at: path)) }
      return .array(read)
    case (.map(let element), .object(let members)):
      var read: [JSON.Member] = []
      for member in members {
        read.append(JSON.Member(member.key, try self.read(member.value, as: element, of: owner, at: path)))
      }
      return .object(read)
    case (.object(let name), .object(let members)):
      var read: [JSON.Member] = []
      for member in members {
        guard let known = Shape.all[name]?.members[member.key], known.since <= minor else { continue }
        read.append(
          JSON.Member(
            member.key, try self.read(member.value, as: known.kind, of: name, at: path + [member.key])))
      }
      return .object(read)
    default:
      let place = ([owner] + path).joined(separator: ".")
      throw Refusal(
        text:
          "json: cannot unmarshal \(Self.name(of: json)) into Go struct field \(place) of type \(Self.type(kind))"
      )
    }
  }

  private static func name(of json: JSON) -> String {
    switch json {
    case .null: "null"
    case .bool: "bool"
    case .int, .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  private static func type(_ kind: ShapeKind) -> String {
    switch kind {
    case .string: "string"
    case .int: "int"
    case .number: "float64"
    case .bool: "bool"
    case .time: "time.Time"
    case .any: "interface {}"
    case .list(let element): "[]\(type(element))"
    case .map(let element): "map[string]\(type(element))"
    case .object(let name): "api.\(name)"
    }
  }
}

/// Holds what the fake answers to the table.
enum ShapeCheck {
  /// What of a value is not as the table has it.
  static func breaches(_ json: JSON, as kind: ShapeKind, minor: Int, at path: String = "") -> [String] {
    if json.isNull { return [] }
    switch (kind, json) {
    case (.any, _), (.string, .string), (.bool, .bool), (.int, .int), (.number, .int), (.number, .number):
      return []
    case (.time, .string(let text)): return ServerTime(text) == nil ? ["\(path): \(text) is no time"] : []
    case (.list(let element), .array(let elements)):
      return elements.flatMap { breaches($0, as: element, minor: minor, at: path + "[]") }
    case (.map(let element), .object(let members)):
      return members.flatMap { breaches($0.value, as: element, minor: minor, at: "\(path).\($0.key)") }
    case (.object(let name), .object(let members)):
      return members.flatMap { member -> [String] in
        guard let known = Shape.all[name]?.members[member.key] else {
          return ["\(path): \(name) has no \(member.key)"]
        }
        guard known.since <= minor else {
          return ["\(path): \(name) has no \(member.key) before 1.\(known.since)"]
        }
        return breaches(member.value, as: known.kind, minor: minor, at: "\(path).\(member.key)")
      }
    default: return ["\(path): \(json.text.prefix(60)) is not \(kind)"]
    }
  }
}
