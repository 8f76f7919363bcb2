import DockerAPI
import Planning
import WorkloadSpec

import struct ProviderKit.ActionFailure

/// Sees to it that an engine has the images that services run. What several services wait for is pulled once.
actor ImageSupply {
  /// The variables of the program, by which the docker client's credentials are found.
  let environment: [String: String]
  private var pulls: [String: Task<Void, any Error>] = [:]
  private var looks: [Use: Task<Bool, any Error>] = [:]
  private var pulled: Set<Use> = []

  /// What was looked for or pulled in a run: the next one looks again, and pulls again if it always shall.
  private struct Use: Hashable {
    let image: String
    let run: RunID
  }

  /// A supply without anything pulled yet.
  init(environment: [String: String]) { self.environment = environment }

  /// Has an image ready, as the service's pull policy says.
  ///
  /// - Parameters:
  ///   - credentials: what its registry is shown; `nil` means what the docker client has for it.
  ///   - run: for what it is needed.
  /// - Throws: `ActionFailure` if it is not there and must not be pulled; `DockerError` if it can't be had.
  func provide(
    for service: Service, credentials: RegistryCredentials?, in run: RunID, on client: DockerClient,
    report: @escaping @Sendable (String) -> Void
  ) async throws {
    guard let image = service.image else { return }
    switch service.pullPolicy {
    case .always:
      if pulled.contains(Use(image: image, run: run)) { return }
      // What a digest names can't have changed since.
      if ImageReference.split(image).digest != nil, try await isThere(image, in: run, client) { return }
    case .missing: if try await isThere(image, in: run, client) { return }
    case .never:
      if try await isThere(image, in: run, client) { return }
      throw ActionFailure(
        "the image `\(image)` is not on the engine, and `pullPolicy: never` forbids to pull it")
    }
    try await pull(image, service.platform, credentials, client, report: report)
    pulled.insert(Use(image: image, run: run))
  }

  /// What the docker client keeps for a registry.
  static func storedCredentials(
    for registry: RegistryName, _ environment: [String: String]
  ) async throws -> RegistryCredentials? {
    try await DockerConfig.load(environment: environment).credentials(for: registry, environment: environment)
  }

  /// Whether an engine has an image. What was found is not looked for again in the same run.
  private func isThere(_ image: String, in run: RunID, _ client: DockerClient) async throws -> Bool {
    let use = Use(image: image, run: run)
    if let look = looks[use] { return try await look.value }
    let look = Task { try await ifFound { try await client.images.inspect(image) } != nil }
    looks[use] = look
    let isFound = try? await look.value
    if isFound != true { looks[use] = nil }
    return try await look.value
  }

  private func pull(
    _ image: String, _ platform: String?, _ given: RegistryCredentials?, _ client: DockerClient,
    report: @escaping @Sendable (String) -> Void
  ) async throws {
    if let pull = pulls[image] { return try await pull.value }
    let pull = Task { [environment] in
      var summary = PullSummary()
      var credentials = given
      if credentials == nil {
        credentials = try await Self.storedCredentials(for: RegistryName(image: image), environment)
      }
      let pulling = try await client.images.pull(image, platform: platform, credentials: credentials)
      for try await step in pulling {
        if let line = summary.add(step) { report("pulling \(image): \(line)") }
      }
    }
    pulls[image] = pull
    defer { pulls[image] = nil }
    try await withTaskCancellationHandler {
      try await pull.value
    } onCancel: {
      pull.cancel()
    }
  }
}

/// How far a pull is, over all layers.
struct PullSummary: Sendable {
  private var layers: [String: (done: Int64, total: Int64)] = [:]
  private var lastPercent = -1

  /// Takes a step, and says how far it all is, if that is anything new.
  mutating func add(_ step: PullProgress.Step) -> String? {
    guard let layer = step.layer, step.status == "Downloading", let done = step.done, let total = step.total
    else { return nil }
    layers[layer] = (done, total)
    let (sum, whole) = layers.values.reduce((Int64(0), Int64(0))) { ($0.0 + $1.done, $0.1 + $1.total) }
    let percent = whole > 0 ? Int(sum * 100 / whole) : 0
    guard percent != lastPercent else { return nil }
    lastPercent = percent
    return "\(percent)% of \(ByteQuantity(bytes: whole / (1 << 20) * (1 << 20))), \(layers.count) layers"
  }
}
