/// A place of a text at which a service is named as a host, or may be.
struct HostMention: Hashable, Sendable {
  /// The name as it stands there.
  let name: String
  /// Where the name stands, counted in characters of the text with its variables filled in.
  let range: Range<Int>
  /// The port behind it.
  var port: HostPortMention?
  /// How certain it is that a host is meant.
  var certainty = Certainty.sure
  /// Whether a scheme such as `redis://` stands in front of it.
  var hasScheme = false
}

/// How certain it is that a name in a text means a host.
enum Certainty: Int, Comparable, Sendable {
  /// It is a service's name, and may mean anything.
  case possible
  /// It looks like a host, and could be something else in rare cases.
  case likely
  /// It can't be anything else.
  case sure

  static func < (left: Certainty, right: Certainty) -> Bool { left.rawValue < right.rawValue }
}

/// A port behind the name of a host.
struct HostPortMention: Hashable, Sendable {
  let number: Int
  /// Where the number ends.
  let end: Int
  /// Whether more numbers stand behind it, as in `zoo1:2888:3888`.
  var isFollowed = false
}
