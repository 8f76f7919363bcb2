/// The services of the instances that an operator chose.
public struct ServiceScope: Hashable, Comparable, Sendable {
  /// The instance, by its ordinal; `nil` means every one, those that come later included.
  public let ordinal: Int?
  /// The service; `nil` means every one, those that come later included.
  public let service: String?

  /// Names some services of some instances; by default, all of all.
  public init(ordinal: Int? = nil, service: String? = nil) {
    self.ordinal = ordinal
    self.service = service
  }

  /// Everything.
  public static let all = ServiceScope()

  /// Whether an instance is among those that are meant.
  public func contains(ordinal: Int?) -> Bool { self.ordinal == nil || self.ordinal == ordinal }

  /// Whether a service of an instance is meant.
  public func contains(_ service: String, ordinal: Int?) -> Bool {
    contains(ordinal: ordinal) && (self.service == nil || self.service == service)
  }

  /// Whether everything that another scope means is meant.
  public func covers(_ other: ServiceScope) -> Bool {
    (ordinal == nil || ordinal == other.ordinal) && (service == nil || service == other.service)
  }

  /// Whether anything can be meant by both.
  func overlaps(_ other: ServiceScope) -> Bool {
    (ordinal == nil || other.ordinal == nil || ordinal == other.ordinal)
      && (service == nil || other.service == nil || service == other.service)
  }

  /// The wider before the narrower, then by ordinal and name.
  public static func < (left: ServiceScope, right: ServiceScope) -> Bool {
    (left.ordinal ?? -1, left.service ?? "") < (right.ordinal ?? -1, right.service ?? "")
  }
}
