/// An image, as an engine describes it in full.
package struct Image: Decodable, Sendable, Equatable {
  /// Its id: the digest of its configuration (`sha256:…`).
  package let id: String
  /// The names that lead to it: `repository:tag`.
  package let tags: [String]?
  /// The digests that registries know it by: `repository@sha256:…`.
  package let digests: [String]?
  /// When it was made.
  package let created: EngineTime?
  /// What it is made for, such as `amd64`.
  package let architecture: String?
  /// What it is made for, such as `linux`.
  package let system: String?
  /// Its size in bytes.
  package let size: Int64?
  /// What containers made from it run unless they say otherwise.
  package let config: ContainerConfig?

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
package struct ImageSummary: Decodable, Sendable, Equatable {
  package let id: String
  /// The names that lead to it.
  package let tags: [String]?
  /// The digests that registries know it by.
  package let digests: [String]?
  package let labels: [String: String]?
  /// When it was made, in seconds since 1970-01-01T00:00:00Z.
  package let created: Int64?
  /// Its size in bytes.
  package let size: Int64?

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
package struct DistributionInfo: Decodable, Sendable, Equatable {
  /// What the name leads to.
  package let descriptor: Descriptor

  /// What a name in a registry leads to.
  package struct Descriptor: Decodable, Sendable, Equatable {
    /// The digest: `sha256:…`.
    package let digest: String
    /// The kind of the manifest.
    package let mediaType: String?
    /// The size of the manifest in bytes.
    package let size: Int64?
  }

  enum CodingKeys: String, CodingKey { case descriptor = "Descriptor" }
}
