import NIOCore

/// Calls that concern images.
package struct ImageCalls: Sendable {
  let client: DockerClient

  /// How long an engine may take until it reports the first step: it asks the registry before that, or unpacks an
  /// archive.
  private static let patience = Duration.seconds(300)

  /// The images.
  ///
  /// `GET /images/json`
  ///
  /// - Parameter filters: as the API has them: `["label": ["team=shop"], "reference": ["shop/*"]]`.
  package func list(filters: [String: [String]] = [:]) async throws -> [ImageSummary] {
    try await client.call(Request(.GET, "images", "json").with(filters: filters))
  }

  /// An image.
  ///
  /// `GET /images/{name}/json`
  ///
  /// - Parameter name: a name (`repository:tag`, `repository@digest`) or id.
  package func inspect(_ name: String) async throws -> Image {
    try await client.read(Request(.GET, "images", name, "json"))
  }

  /// What a name leads to in its registry now. Nothing is pulled.
  ///
  /// `GET /distribution/{name}/json`
  ///
  /// - Parameters:
  ///   - name: the name, with a tag or digest.
  ///   - credentials: what the registry is shown; `nil` means nothing.
  /// - Throws: ``DockerError``; its status is 401 or 403 if the registry refuses.
  package func distribution(
    _ name: String, credentials: RegistryCredentials? = nil
  ) async throws -> DistributionInfo {
    try await client.call(
      Request(.GET, "distribution", name, "json").with(
        header: RegistryCredentials.header, credentials?.encoded()))
  }

  /// Pulls an image. It is there once the progress ends without an error.
  ///
  /// `POST /images/create?fromImage=`
  ///
  /// - Parameters:
  ///   - name: the name, with a tag or digest. Without either, it is `latest` that is pulled.
  ///   - platform: what it must be made for (`linux/arm64`); `nil` leaves it to the engine.
  ///   - credentials: what the registry is shown; `nil` means nothing.
  package func pull(
    _ name: String, platform: String? = nil, credentials: RegistryCredentials? = nil
  ) async throws -> PullProgress {
    let (repository, reference) = Self.split(name)
    let request = Request(.POST, "images", "create").with("fromImage", repository)
      .with("tag", reference ?? "latest").with("platform", platform)
      .with(header: RegistryCredentials.header, credentials?.encoded()).within(Self.patience)
    return PullProgress(lines: JSONLines(bytes: try await client.stream(request)))
  }

  /// Makes an image of one layer from a tar archive. The archive may be empty.
  ///
  /// `POST /images/create?fromSrc=-`
  ///
  /// - Parameters:
  ///   - archive: the archive; see ``TarWriter``.
  ///   - name: the name that leads to the image, with a tag; `nil` gives it none.
  ///   - changes: lines of a Dockerfile that set up its configuration: `CMD ["/run"]`, `LABEL team=shop`.
  /// - Returns: the id of the image.
  package func importArchive(
    _ archive: [UInt8], as name: String? = nil, changes: [String] = []
  ) async throws -> String {
    let (repository, tag) = name.map(Self.split) ?? (nil, nil)
    var request = Request(.POST, "images", "create").with("fromSrc", "-").with("repo", repository)
      .with("tag", tag).with(body: "application/x-tar", ByteBuffer(bytes: archive)).within(Self.patience)
    for change in changes { request = request.with("changes", change) }
    var id: String?
    for try await step in PullProgress(lines: JSONLines(bytes: try await client.stream(request))) {
      id = step.status ?? id
    }
    guard let id else { throw DockerError("the engine did not say which image it made of the archive") }
    return id
  }

  /// Has another name lead to an image.
  ///
  /// `POST /images/{name}/tag`
  ///
  /// - Parameters:
  ///   - name: a name or id of the image.
  ///   - new: the other name, with a tag.
  package func tag(_ name: String, as new: String) async throws {
    let (repository, tag) = Self.split(new)
    try await client.call(Request(.POST, "images", name, "tag").with("repo", repository).with("tag", tag))
  }

  /// Removes a name of an image, and with its last name the image.
  ///
  /// `DELETE /images/{name}`
  ///
  /// - Parameter force: whether to do so even if stopped containers were made from it.
  package func remove(_ name: String, force: Bool = false) async throws {
    try await client.call(Request(.DELETE, "images", name).with("force", force))
  }

  /// The repository of a name, and its tag or digest.
  static func split(_ name: String) -> (repository: String, reference: String?) {
    if let at = name.firstIndex(of: "@") {
      return (String(name[..<at]), String(name[name.index(after: at)...]))
    }
    // The colon before a port is not the one before a tag.
    guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return (name, nil) }
    return (String(name[..<colon]), String(name[name.index(after: colon)...]))
  }
}
