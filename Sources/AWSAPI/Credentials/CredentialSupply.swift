/// Credentials as AWS's own tools find them, renewed before they end.
///
/// In this order: the environment, unless a profile is named; the profile (a role by another profile, by the environment or
/// by a web identity; single sign-on; keys; a program); a web identity of the environment; the container's; the machine's.
package actor CredentialSupply: SigningCredentials {
  private let sources: [any CredentialSource]
  private let now: @Sendable () -> Int64
  private let profile: String
  private var known: AWSCredentials?
  private var finding: Task<AWSCredentials, any Error>?

  /// How long before their end credentials are renewed, in seconds.
  private static let margin: Int64 = 300
  /// How long before their end they are used no more, if others can't be had.
  private static let leastMargin: Int64 = 30

  /// - Parameter profile: the profile that is named, if one is: then the environment's keys do not count.
  package init(_ context: CredentialContext, profile: String? = nil) {
    let name = profile ?? context.settings.usualProfile
    var sources: [any CredentialSource] = profile == nil ? [EnvironmentCredentials(context)] : []
    sources.append(ProfileCredentials(context, profile: name, isNamed: profile != nil || name != "default"))
    sources.append(WebIdentity(context, of: context.settings))
    sources.append(ContainerCredentials(context))
    sources.append(MachineCredentials(context))
    self.init(sources, profile: name, now: context.now)
  }

  init(_ sources: [any CredentialSource], profile: String = "default", now: @escaping @Sendable () -> Int64) {
    self.sources = sources
    self.profile = profile
    self.now = now
  }

  /// Credentials that hold for a while.
  ///
  /// - Throws: ``AWSError`` if there are none.
  package func current() async throws -> AWSCredentials {
    guard let known else { return try await found() }
    guard let end = known.expiration, end.seconds - now() < Self.margin else { return known }
    do { return try await found() } catch let error as AWSError {
      // What holds still is better than nothing.
      guard end.seconds - now() > Self.leastMargin else { throw error }
      return known
    }
  }

  /// Finds credentials anew, for those that there are were refused as over.
  ///
  /// - Returns: whether they are others.
  package func renew() async throws -> Bool {
    let before = known
    let after = try await found()
    return after != before
  }

  /// What is found now; those who ask meanwhile wait for the same.
  private func found() async throws -> AWSCredentials {
    if let finding { return try await finding.value }
    let task = Task { try await self.find() }
    finding = task
    defer { finding = nil }
    do {
      let credentials = try await task.value
      known = credentials
      return credentials
    } catch var error as AWSError {
      error.concernsCredentials = true
      throw error
    }
  }

  private func find() async throws -> AWSCredentials {
    for source in sources {
      if let credentials = try await source.credentials() { return credentials }
    }
    throw AWSError(
      "there are no credentials for AWS: not in the environment, not in the profile \"\(profile)\", and none of this machine",
      help: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile that has some")
  }
}
