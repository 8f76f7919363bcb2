/// A field of a document, as plans and policies name it: `replicas`, `services[api].env.LEVEL`,
/// `services[api].ports[8080/tcp].host`.
package struct FieldPath: Sendable {
  /// A step of a path: a key, or what tells an element apart.
  package enum Step: Sendable, Equatable {
    case key(String)
    case element(String)
  }

  /// The steps, from the document down.
  package let steps: [Step]

  /// Takes a path apart. A bracket that is never closed is passed over.
  package init(_ path: String) {
    var steps: [Step] = []
    var rest = Substring(path)
    while !rest.isEmpty {
      if rest.first == "[", let close = rest.firstIndex(of: "]") {
        steps.append(.element(String(rest[rest.index(after: rest.startIndex)..<close])))
        rest = rest[rest.index(after: close)...]
      } else {
        let key = rest.prefix { $0 != "." && $0 != "[" }
        if !key.isEmpty { steps.append(.key(String(key))) }
        rest = rest.dropFirst(max(key.count, 1))
      }
      if rest.first == "." { rest = rest.dropFirst() }
    }
    self.steps = steps
  }
}
