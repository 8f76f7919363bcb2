/// A volume as the engine lists and inspects it.
public struct Volume: Decodable, Sendable, Equatable {
  /// Its name, by which it is known.
  public let name: String
  /// Its driver, such as `local`.
  public let driver: String?
  /// Where it is on the engine's machine.
  public let mountpoint: String?
  /// When it was created.
  public let created: EngineTime?
  /// Its labels.
  public let labels: [String: String]?
  /// The driver's options.
  public let options: [String: String]?

  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case driver = "Driver"
    case mountpoint = "Mountpoint"
    case created = "CreatedAt"
    case labels = "Labels"
    case options = "Options"
  }
}

/// A volume that is to be created.
public struct VolumeCreation: Encodable, Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its driver; `nil` means `local`.
  public var driver: String?
  /// Its labels.
  public var labels: [String: String]
  /// The driver's options.
  public var options: [String: String]

  /// A volume.
  public init(
    name: String, driver: String? = nil, labels: [String: String] = [:], options: [String: String] = [:]
  ) {
    self.name = name
    self.driver = driver
    self.labels = labels
    self.options = options
  }

  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case driver = "Driver"
    case labels = "Labels"
    case options = "DriverOpts"
  }
}
