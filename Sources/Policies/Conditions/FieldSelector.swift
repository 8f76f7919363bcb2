import Diagnostics
import Values
import WorkloadSpec

/// A field of the language, as a policy names it, found in its declaration: `services.resources.memory`. It stands for as many
/// fields of a workload as the lists on its way have elements.
struct FieldSelector: Sendable {
  private enum Step: Sendable {
    /// A field of an object.
    case member(String)
    /// A text of a mapping of texts, or something in data of any shape.
    case entry(String)
    /// Each element of a list whose identity fits.
    case elements(identity: [String], named: Glob?)
  }

  private var steps: [Step] = []
  /// A part of the name of an image.
  private var part: ImagePart?
  /// What the field takes.
  private(set) var type = FieldType.object { Workload.schema.description }
  /// Whether its value must never be shown.
  private(set) var isSecret = false
  /// Whether the field is the image of a service, of which a part may be meant.
  private var isImage = false

  /// A field that was found in a workload.
  struct Found: Sendable {
    /// The field, as plans name it: `services[api].resources.memory`.
    let path: String
    /// The field that is written in a spec: that one, or the image that it is a part of.
    let place: String
    /// Its value; `nil` if it is not set.
    let value: Value?
    /// The service that it belongs to, if it belongs to one.
    let service: String?
  }

  /// Why there is no such field.
  struct Problem: Error {
    let message: String
    let help: String
  }

  /// No field of the language has a path of more bytes.
  private static let maximumLength = 512

  /// Finds a field.
  ///
  /// - Parameter engines: what engines declare for `on`.
  init(_ path: String, on engines: [EngineFields]) throws(Problem) {
    guard path.utf8.count <= Self.maximumLength else {
      throw Problem(
        message: "a path of \(path.utf8.count) bytes leads to no field",
        help: "name a field in \(Self.maximumLength) bytes at most")
    }
    for step in FieldPath(path).steps {
      if case .key = step, case .keyed(let description, let identity) = type {
        steps.append(.elements(identity: identity, named: nil))
        type = .object(description)
      }
      switch (step, type) {
      case (.key(let name), .object(let description)):
        let object = description()
        try takeField(name, of: object.fields, in: object.phrase, isImageOwner: object.name == "service")
      case (.key(let name), .engines(let place)):
        try takeField(name, of: engines.description(at: place).fields, in: "`on`", isImageOwner: false)
      case (.key(let name), .map), (.element(let name), .map):
        steps.append(.entry(name))
        type = .string
      case (.key(let name), .tree), (.element(let name), .tree): steps.append(.entry(name))
      case (.element(let pattern), .keyed(let description, let identity)):
        steps.append(.elements(identity: identity, named: Glob(pattern)))
        type = .object(description)
      case (.key(let name), .string) where isImage:
        part = try Self.part(name)
        isImage = false
      case (.key(let name), _), (.element(let name), _):
        throw Problem(
          message: "`\(name)` is no part of a field that takes \(type.phrase)", help: "end the path before it"
        )
      }
    }
    if steps.isEmpty {
      throw Problem(message: "a path of a field must not be empty", help: "name a field: `services.image`")
    }
  }

  private mutating func takeField(
    _ name: String, of fields: [FieldDescription], in object: String, isImageOwner: Bool
  ) throws(Problem) {
    let known = fields.map(\.name)
    guard let field = fields.first(where: { $0.name == name }) else {
      throw Problem(
        message: "there is no field `\(name)` in \(object)",
        help: Suggestion.help(for: name, among: known)
          ?? "the fields are \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }
    steps.append(.member(name))
    type = field.type
    isSecret = isSecret || field.isSecret
    isImage = isImageOwner && name == "image"
  }

  private static func part(_ name: String) throws(Problem) -> ImagePart {
    if let part = ImagePart(rawValue: name) { return part }
    let known = ImagePart.allCases.map(\.rawValue)
    throw Problem(
      message: "an image has no part `\(name)`",
      help: Suggestion.help(for: name, among: known)
        ?? "the parts are \(known.map { "`\($0)`" }.joined(separator: ", "))")
  }

  // MARK: Finding

  /// The field of the workload that the path begins with: `services`.
  var first: String { if case .member(let name)? = steps.first { name } else { "" } }

  /// The fields that it stands for.
  ///
  /// - Parameters:
  ///   - workload: the workload as plain data.
  ///   - roles: the roles of the services that are meant; none means all.
  func find(in workload: Value, roles: [Role]) -> [Found] {
    var found: [Found] = []
    collect(0, workload, "", nil, roles, into: &found)
    return found
  }

  private func collect(
    _ index: Int, _ value: Value?, _ path: String, _ service: String?, _ roles: [Role],
    into found: inout [Found]
  ) {
    guard index < steps.count else {
      let value = value == .null ? nil : value
      guard let part else {
        return found.append(Found(path: path, place: path, value: value, service: service))
      }
      found.append(
        Found(
          path: "\(path).\(part.rawValue)", place: path, value: value?.string.flatMap(part.value),
          service: service))
      return
    }
    switch steps[index] {
    case .member(let name):
      collect(index + 1, value?[name], path.isEmpty ? name : "\(path).\(name)", service, roles, into: &found)
    case .entry(let key):
      let isPlain = key.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
      collect(
        index + 1, value?[key], isPlain ? "\(path).\(key)" : "\(path)[\(key)]", service, roles, into: &found)
    case .elements(let identity, let pattern):
      let areServices = index == 1 && first == "services"
      for element in value?.list ?? [] {
        let name = identity.compactMap { element[$0]?.scalarText }.filter { !$0.isEmpty }.joined(
          separator: "/")
        guard pattern.map({ $0.matches(name) }) ?? true else { continue }
        if areServices, !roles.isEmpty {
          guard let role = element["role"]?.string, roles.contains(where: { $0.rawValue == role }) else {
            continue
          }
        }
        collect(
          index + 1, element, "\(path)[\(name)]", areServices ? name : service, roles, into: &found)
      }
    }
  }
}

/// A part of the name of an image.
enum ImagePart: String, CaseIterable, Sendable {
  /// Where it comes from; `docker.io`, if the name says nothing.
  case registry
  /// What it is called there.
  case repository
  /// Which of its versions it is; `latest`, if the name says nothing. None where a digest says it.
  case tag
  /// What its bytes are.
  case digest

  /// This part of a name; `nil` if it has none.
  func value(of image: String) -> Value? {
    guard let reference = ImageReference(image) else { return nil }
    switch self {
    case .registry: return .string(reference.registry ?? "docker.io")
    case .repository: return .string(reference.repository)
    case .tag: return reference.digest == nil ? .string(reference.tag ?? "latest") : nil
    case .digest: return reference.digest.map { .string($0) }
    }
  }
}

extension Value {
  /// A text, a number or a truth value as a spec has it; `nil` for anything else.
  var scalarText: String? {
    switch self {
    case .string(let text): text
    case .int(let number): String(number)
    case .bool(let truth): String(truth)
    case .null, .list, .map: nil
    }
  }
}
