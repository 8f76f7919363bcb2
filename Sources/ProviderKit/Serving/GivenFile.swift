import WorkloadSpec

/// A file that a service is given: a config file, or what a secret is handed over in.
public struct GivenFile: Sendable, Equatable {
  /// What it is for, which says who may read it.
  public enum Purpose: Sendable {
    /// A config file without a secret in it.
    case config
    /// What only the service may read: a secret, or a config file with one in it.
    case secret
    /// What belongs to a secret and is none: certificates.
    case certificate
  }

  /// Where the service sees it, as the spec has it.
  public var path: String
  /// The bytes that the service reads in it.
  public var content: [UInt8]
  /// Decides who may read it where the spec states no permissions.
  public var purpose: Purpose
  /// The permissions that the spec states; `nil` for those that go with its purpose.
  public var statedMode: UInt32?
  /// Who it belongs to by the spec; `nil` for who the provider gives such files to.
  public var owner: NumericOwner?

  /// A file.
  ///
  /// - Parameters:
  ///   - mode: its permissions in octal digits, if the spec states them.
  ///   - owner: the numbers of its owner, if the spec states them.
  public init(
    _ path: String, _ content: [UInt8], _ purpose: Purpose, mode: String? = nil, owner: String? = nil
  ) {
    self.path = path
    self.content = content
    self.purpose = purpose
    statedMode = mode.flatMap { UInt32($0, radix: 8) }
    self.owner = owner.flatMap { NumericOwner($0) }
  }

  /// Whether only the user that the service runs as may read it.
  public var isSecret: Bool { purpose == .secret }

  /// The permissions of what is secret.
  public static let secretMode: UInt32 = 0o400
}

extension ActionContext {
  /// The files that a service is given: its config files, then what its secrets are handed over in.
  ///
  /// - Parameter texts: how texts are filled in.
  /// - Throws: ``ActionFailure`` if a secret has no value, or no usable one.
  public func files(of service: Service, _ texts: ServiceTexts) throws(ActionFailure) -> [GivenFile] {
    var files: [GivenFile] = []
    for file in service.configFiles {
      let content = try fillingSecrets(of: file.content, fill: texts.fill)
      files.append(
        GivenFile(
          file.path, content.bytes, file.holdsSecrets ? .secret : .config, mode: file.mode, owner: file.owner)
      )
    }
    for secret in service.secrets { files += try self.files(of: secret) }
    return files
  }

  private func files(of use: SecretReference) throws(ActionFailure) -> [GivenFile] {
    switch use.type {
    case .env, .registry: return []
    case .file:
      return [GivenFile(use.as, try secret(use.key).bytes, .secret, mode: use.mode, owner: use.owner)]
    case .tls:
      let value = try secret(use.key)
      do {
        let credentials = try TLSCredentials(value)
        return [
          GivenFile(use.certificatePath, credentials.certificates, .certificate, owner: use.owner),
          GivenFile(use.keyPath, credentials.key, .secret, mode: use.mode, owner: use.owner),
        ]
      } catch {
        throw ActionFailure("the secret `\(use.key)` can't be handed over: \(error.message)")
      }
    }
  }

  /// What a stamp holds of a service's secrets: the digests of their values, and the seals of its config files.
  ///
  /// A seal is the keyed digest of what a config file with secrets in it holds, which tells later whether it was
  /// changed. One whose secret has no value gets none: where the file is made, that is said.
  ///
  /// - Parameter texts: how texts are filled in.
  public func stampedDigests(of service: Service, _ texts: ServiceTexts) -> [String: String] {
    var digests = secretDigests(of: service)
    guard let digestKey else { return digests }
    for file in service.configFiles where file.holdsSecrets {
      guard let content = try? fillingSecrets(of: file.content, fill: texts.fill) else { continue }
      digests[file.sealName] = SecretDigest.text(
        of: content.bytes, named: file.sealName, digestKey: digestKey)
    }
    return digests
  }
}

extension ConfigFile {
  /// Whether a file with secrets in it holds what it was given; `nil` where no seal was kept, or no key is there.
  ///
  /// - Parameters:
  ///   - bytes: what it holds.
  ///   - seal: what ``ActionContext/stampedDigests(of:_:)`` kept of it.
  public func isSealed(_ bytes: [UInt8], by seal: String?, _ digestKey: [UInt8]?) -> Bool? {
    guard let seal, let digestKey else { return nil }
    return SecretDigest.text(of: bytes, named: sealName, digestKey: digestKey) == seal
  }
}
