/// An image, as an engine describes it in full.
public struct Image: Decodable, Sendable, Equatable {
  /// Its id: the digest of its configuration (`sha256:…`).
  public let id: String
  /// The names that lead to it: `repository:tag`.
  public let tags: [String]?
  /// The digests that registries know it by: `repository@sha256:…`.
  public let digests: [String]?
  /// When it was made.
  public let created: EngineTime?
  /// What it is made for, such as `amd64`.
  public let architecture: String?
  /// What it is made for, such as `linux`.
  public let system: String?
  /// Its size in bytes.
  public let size: Int64?
  /// What containers made from it run unless they say otherwise.
  public let config: ContainerConfig?

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case tags = "RepoTags"
    case digests = "RepoDigests"
    case created = "Created"
    case architecture = "Architecture"
    case system = "Os"
    case size = "Size"
    case config = "Config"
  }
}

/// An image in a list.
public struct ImageSummary: Decodable, Sendable, Equatable {
  /// Its id.
  public let id: String
  /// The names that lead to it.
  public let tags: [String]?
  /// The digests that registries know it by.
  public let digests: [String]?
  /// Its labels.
  public let labels: [String: String]?
  /// When it was made, in seconds since 1970-01-01T00:00:00Z.
  public let created: Int64?
  /// Its size in bytes.
  public let size: Int64?

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case tags = "RepoTags"
    case digests = "RepoDigests"
    case labels = "Labels"
    case created = "Created"
    case size = "Size"
  }
}

/// What a registry says of an image that was not pulled.
public struct DistributionInfo: Decodable, Sendable, Equatable {
  /// What the name leads to.
  public let descriptor: Descriptor

  /// What a name in a registry leads to.
  public struct Descriptor: Decodable, Sendable, Equatable {
    /// The digest: `sha256:…`.
    public let digest: String
    /// The kind of the manifest.
    public let mediaType: String?
    /// The size of the manifest in bytes.
    public let size: Int64?
  }

  enum CodingKeys: String, CodingKey { case descriptor = "Descriptor" }
}
