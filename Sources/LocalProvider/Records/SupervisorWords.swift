import Supervisor
import WorkloadSpec

extension RawRepresentable<String> {
  /// The word of the supervisor's protocol for one of the language, or the other way round. They are words of their own,
  /// since a supervisor may be of another berth, and are spelled alike: a test holds each to that.
  init(spelledLike word: some RawRepresentable<String>) {
    guard let same = Self(rawValue: word.rawValue) else {
      preconditionFailure("there is no \(Self.self) that is spelled `\(word.rawValue)`")
    }
    self = same
  }
}

extension ProcessConditions.Limit {
  /// A limit of the spec.
  init(_ limit: Ulimit) { self.init(name: limit.name, soft: limit.soft, hard: limit.hard) }
}

extension Ulimit {
  /// A limit that a supervisor sets.
  init(_ limit: ProcessConditions.Limit) {
    self.init()
    (name, soft, hard) = (limit.name, limit.soft, limit.hard)
  }
}
