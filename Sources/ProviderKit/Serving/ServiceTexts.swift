import WorkloadSpec

/// Texts of a spec as a service has them: with its root folder in the place of `${root}`, and with the addresses of other
/// services.
public struct ServiceTexts: Sendable {
  /// What stands for the root folder: nothing where the root is the service's own.
  public let root: String
  /// What stands for an address; `nil` leaves the reference as it is.
  private let address: @Sendable (AddressReference) -> String?

  /// The texts of a service.
  ///
  /// - Parameter address: what stands for an address; `nil` leaves the reference as it is.
  public init(root: String, address: @escaping @Sendable (AddressReference) -> String? = { _ in nil }) {
    self.root = root
    self.address = address
  }

  /// The texts of a service that was given addresses, by ``WorkloadSpec/AddressReference/name``.
  public init(root: String, addresses: [String: String]) {
    self.init(root: root) { addresses[$0.name] }
  }

  /// A text with the root folder and the addresses put in; what stands for anything else is left as it is.
  public func fill(_ text: String) -> String {
    Interpolation.fill(text) { name in
      name == Interpolation.rootName ? root : AddressReference(name).flatMap(address)
    }
  }

  /// A text in which secrets could stand, and none does, as the service has it.
  public func fillText(_ text: String) -> String {
    fill(SecretText(text).replacingSecrets(with: ""))
  }

  // MARK: Reading back

  /// The variables of a service that were stated: each as it was stated, if it is that. All others are the engine's own.
  ///
  /// - Parameters:
  ///   - actual: what the service has, as `NAME=value`; of two with one name, the last counts, as for the program.
  ///   - tellsSecrets: whether the engine tells of variables with secrets in them. They are never shown.
  public func environment(_ actual: [String], stated: StringMap, tellsSecrets: Bool) -> StringMap {
    var values: [String: String] = [:]
    for text in actual {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
    }
    var live = StringMap()
    for entry in stated.entries {
      let value = values[entry.key]
      if !SecretText(entry.value).keys.isEmpty {
        if value != nil || !tellsSecrets { live[entry.key] = entry.value }
      } else if let value {
        live[entry.key] = value == fillText(entry.value) ? entry.value : value
      }
    }
    return live
  }

  /// A config file whose bytes were read: as it was stated, if it holds that. Of one with secrets in it,
  /// only whether it was changed is told.
  ///
  /// - Parameter isSealed: whether one with secrets in it holds what the service was given.
  public func live(_ file: ConfigFile, holding bytes: [UInt8], isSealed: Bool) -> ConfigFile {
    var live = file
    if file.holdsSecrets {
      if !isSealed { live.content = ConfigFile.withheldContent }
    } else {
      let content = String(decoding: bytes, as: UTF8.self)
      if content != fillText(file.content) { live.content = content }
    }
    return live
  }
}
