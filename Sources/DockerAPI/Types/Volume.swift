/// A volume as the engine lists and inspects it.
package struct Volume: Decodable, Sendable, Equatable {
  /// Its name, by which it is known.
  package let name: String
  /// Its driver, such as `local`.
  package let driver: String?
  /// Where it is on the engine's machine.
  package let mountpoint: String?
  /// When it was created.
  package let created: EngineTime?
  package let labels: [String: String]?
  /// The driver's options.
  package let options: [String: String]?

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
package struct VolumeCreation: Encodable, Sendable, Equatable {
  package var name: String
  /// Its driver; `nil` means `local`.
  package var driver: String?
  package var labels: [String: String]
  /// The driver's options.
  package var options: [String: String]

  package init(
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
